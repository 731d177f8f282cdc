import { connect } from 'node:net';
import { ConnectionAdmin } from '../../src/factors/federated/connections/connection-admin.js';
import { CheckQueue } from '../../src/factors/federated/recheck/check-queue.js';
import { LoginLooks } from '../../src/factors/federated/recheck/login-looks.js';
import type { AuthTestApp, FakePerson, FakeProvider } from '../../src/testing/index.js';
import { setUpTotp } from '../flows/authenticator-app.js';
import { RestedSessions, statusOf } from './rested-sessions.js';
import { bootFederation, endOf, type Federation, LET_IN, newAddresses, PASSWORD, RETURN } from './setting.js';

const fresh = newAddresses('attacked');

describe('signing in with others, attacked', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ app, provider, on, close } = await bootFederation());
    await on.connect(provider, { slug: 'trusted', vouchesForEmail: true });
    const roles = { claim: 'groups', map: { Staff: 'staff', Bosses: 'admin' } };
    await on.connect(provider, { slug: 'with-roles', vouchesForEmail: ['corp.example'], jitProvisioning: 'on', roles });
  });
  afterAll(() => close());

  const logIn = (connection: string, person: FakePerson) => on.logInAs(provider, connection, person);

  const byPassword = async (email: string) =>
    (await app.client().post('/auth/login', { email, password: PASSWORD })).status;

  it('wrong codes of a second factor stay in a row, however often the login there is repeated', async () => {
    const user = await app.logIn({ email: fresh() });
    await setUpTotp(app, user);
    const person = provider.addPerson({ email: user.email });
    for (let i = 0; i < 3; i++) {
      const { said, browser } = await logIn('trusted', person);
      expect(said.status).toBe('factor_required');
      const guess = { loginToken: said.loginToken, factor: 'totp', code: '000000' };
      expect((await browser.post('/auth/login/factor', guess)).status).toBe(401);
    }
    const [row] = await on.tables.query('SELECT failures FROM coatcheck.factor_failures WHERE user_id = $1', [
      user.userId,
    ]);
    expect(row).toEqual({ failures: 3 });
  });

  it.each([
    { what: 'an address that is not verified there', domain: 'corp.example', emailVerified: false, roles: [] },
    { what: 'a domain that no connection vouches for', domain: 'sub.corp.example', emailVerified: true, roles: [] },
    { what: 'a proven address', domain: 'corp.example', emailVerified: true, roles: ['admin'] },
  ])('$what is given the roles $roles: its owner would inherit them with the account', async (one) => {
    const { domain, emailVerified, roles } = one;
    const person = provider.addPerson({ email: fresh(domain), emailVerified, claims: { groups: ['Bosses'] } });
    await logIn('with-roles', person);
    const userId = await on.userIdOf(person.email!);
    const [user] = await on.tables.query('SELECT roles FROM coatcheck.users WHERE id = $1', [userId]);
    expect(user).toEqual({ roles });
  });

  describe('an account that was moved to an address', () => {
    async function moved() {
      const user = await app.logIn({ email: fresh(), password: PASSWORD });
      const email = fresh();
      const asked = await user.post('/auth/email/change', { email, password: PASSWORD });
      expect(asked.status).toBe(202);
      const token = await app.mailedToken(email);
      const { status } = await app.client().post('/auth/email/change/confirm', { token });
      expect(status).toBeLessThan(300);
      return { user, email };
    }

    it('keeps no way in of the person who moved it once the owner of the address signs in elsewhere', async () => {
      const { user, email } = await moved();
      const person = provider.addPerson({ email });
      const { said, me } = await logIn('trusted', person);
      expect(said).toEqual(LET_IN);
      expect(me.body.user).toMatchObject({ id: user.userId, email });
      expect(await byPassword(email)).toBe(401);
      expect((await user.get('/auth/me')).status).toBe(401);
      expect(await on.subjectsOf(user.userId)).toEqual([person.subject]);
    });

    it('is as any other once the change can be taken back no more', async () => {
      const { email } = await moved();
      app.clock.advance(7 * 86_400 + 1);
      const { said } = await logIn('trusted', provider.addPerson({ email }));
      expect(said).toEqual(LET_IN);
      expect(await byPassword(email)).toBe(200);
    });
  });

  it('a login that a provider’s word links to an admin is told to the other admins', async () => {
    const other = await app.actAs({ email: fresh(), roles: ['admin'] });
    const admin = await app.actAs({ email: fresh(), roles: ['admin'] });
    await logIn('trusted', provider.addPerson({ email: admin.email! }));
    expect(await on.subjectsOf(admin.userId)).toHaveLength(1);
    const [mail] = await app.mails(other.email!);
    expect(mail).toMatchObject({
      subject: 'An admin’s account was changed',
      text: expect.stringContaining(admin.email!),
    });
    const marked = `SELECT details ->> 'ofAdmin' AS "ofAdmin" FROM coatcheck.audit_events WHERE type = 'identity.linked' AND user_id = $1`;
    expect(await on.tables.query(marked, [admin.userId])).toEqual([{ ofAdmin: 'true' }]);
  });

  it('a password that an enforced connection refuses is no way in: the last linked login stays', async () => {
    const slug = 'enforced';
    const id = await on.connect(provider, { slug, vouchesForEmail: true, domains: ['enforced.example'] });
    const email = fresh('enforced.example');
    const { userId } = await app.logIn({ email });
    await on.change(id, { enforced: true });
    const { browser, me } = await logIn(slug, provider.addPerson({ email }));
    expect(me.body.user.id).toBe(userId);
    const [linked] = (await browser.get('/auth/identities')).body.identities;
    const { status, body } = await browser.delete(`/auth/identities/${linked.id}`);
    expect([status, body?.code]).toEqual([409, 'conflict']);
  });

  it('no user leaves the domain of an enforced connection by a password that it refuses', async () => {
    const id = await on.connect(provider, { slug: 'closed', domains: ['closed.example'] });
    const user = await app.logIn({ email: fresh('closed.example'), password: PASSWORD });
    await on.change(id, { enforced: true });
    const { status, body } = await user.post('/auth/email/change', { email: fresh(), password: PASSWORD });
    expect([status, body.code]).toEqual([401, 'invalid_credentials']);
    expect(await on.userIdOf(user.email)).toBe(user.userId);
  });

  it('a connection by the name of one that was deleted inherits none of its linked logins', async () => {
    const settings = { slug: 'again', vouchesForEmail: true };
    const person = provider.addPerson({ email: (await app.logIn({ email: fresh() })).email });
    const id = await on.connect(provider, settings);
    expect((await logIn('again', person)).said).toEqual(LET_IN);
    await app.app.get(ConnectionAdmin, { strict: false }).remove(id, { actorId: null, origin: null });
    await on.connect(provider, { ...settings, vouchesForEmail: false });
    expect((await logIn('again', person)).said).toEqual({ error: 'invalid_credentials' });
  });

  it('returnTo null is as none', async () => {
    const order = { connection: 'trusted', returnTo: null };
    expect((await app.client().post('/auth/login/federated', order)).status).toBe(200);
    const user = await app.logIn();
    for (const path of ['/auth/identities', '/auth/step-up/federated'])
      expect((await user.post(path, order)).status).toBe(200);
  });

  it.each([7, ['/a'], {}, true])('returnTo %j is refused, and is no fault of ours', async (returnTo) => {
    const order = { connection: 'trusted', returnTo };
    const { status, body } = await app.client().post('/auth/login/federated', order);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    const user = await app.logIn();
    for (const path of ['/auth/identities', '/auth/step-up/federated']) {
      const reply = await user.post(path, order);
      expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    }
  });

  it.each(['strategy', 'transport', 'email'])(
    '%s null is as good or bad as any, and no fault of ours',
    async (field) => {
      const order = { connection: 'trusted', returnTo: RETURN, [field]: null };
      const { status } = await app.client().post('/auth/login/federated', order);
      expect(status).toBeLessThan(500);
    },
  );

  it.each([
    ['nothing', ''],
    ['two codes', 'code=a&code=b&state=c'],
    ['lists', 'state[]=a&code[b]=c'],
    ['NUL', 'state=%00&code=%00'],
    ['an error of control characters', 'error=%00&error_description=%0d%0a&state=x'],
    ['no UTF-8', '%ff=%fe&state=%f0%28'],
    ['12,000 characters', `code=${'a'.repeat(12_000)}`],
    ['odd names', '__proto__[x]=y&constructor=z'],
  ])('an answer of %s leads to a refusal', async (_, query) => {
    const browser = app.client();
    const url = await on.begin(browser, 'trusted', { returnTo: RETURN });
    const state = url.searchParams.get('state')!;
    for (const search of [query, `${query}&state=${state}`]) {
      const { status, headers } = await browser.get(`/auth/federated/trusted/callback?${search}`);
      expect(status).toBe(303);
      expect(headers.get('location')).toMatch(/error=invalid_credentials$|\/sign-in$/);
    }
  });

  it('an answer may be as long as a provider makes it', async () => {
    provider.chosen = provider.addPerson({ email: (await app.logIn({ email: fresh() })).email });
    const browser = app.client();
    const callback = await on.answer(await on.begin(browser, 'trusted', { returnTo: RETURN }));
    callback.searchParams.set('session_state', 'a'.repeat(4000));
    expect(endOf(await on.follow(browser, callback)).said).toEqual(LET_IN);
  });

  it.each(['http://[', 'http://h:99999', 'http://a b', 'x://', 'http://user:p%@x'])(
    'a request for %s/auth/federated/trusted/callback is no fault of ours',
    async (before) => {
      const { hostname, port } = new URL(app.url);
      const answered = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(
            `GET ${before}/auth/federated/trusted/callback?state=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
          ),
        );
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('end', () => resolve(text)).on('error', reject);
      });
      expect(answered.split(' ')[1]).toMatch(/^[34]/);
    },
  );

  it('a session that takes another’s place while a look finds that one over is not set free', async () => {
    const rested = new RestedSessions(app, provider);
    await rested.clear();
    const connectionId = await rested.connect();
    const user = await app.logIn({ email: fresh(), password: PASSWORD });
    const { person, loginId } = await rested.logIn({ connectionId, user });
    app.clock.advance(4_000);
    const claimed = (await rested.part(CheckQueue).claim([]))!;
    expect(claimed.id).toBe(loginId);
    expect((await user.post('/auth/step-up', { password: PASSWORD })).status).toBe(200);
    await rested.part(LoginLooks).look(claimed);
    expect(await statusOf(user)).toBe(200);
    provider.revoke({ person });
    app.clock.advance(4_000);
    await rested.look();
    expect(await statusOf(user)).toBe(401);
  });
});
