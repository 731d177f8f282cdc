import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { PasskeyStore } from '../../src/factors/passkey/passkey.store.js';
import { PasswordStore } from '../../src/factors/password/password.store.js';
import { type AuthTestApp, SoftwareAuthenticator } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { setUpTotp } from './authenticator-app.js';
import { overStores, overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { ORIGIN, PasskeyHolder } from './passkey-holder.js';

const NOWHERE = '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11';

// A challenge is consumed where sessions are kept.
overStores((sessionStore) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'], sessionStore });
  });
  afterAll(() => app.close());

  it('a login asks for a passkey as second factor after the password, and takes a challenge once', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const client = app.client();
    const loginToken = await holder.begin(client);
    const { body: options } = await client.post('/auth/login/passkey/options', { loginToken });
    expect(options.allowCredentials.map(({ id }: { id: string }) => id)).toEqual([
      holder.authenticator.newest().id.toString('base64url'),
    ]);
    const credential = holder.authenticator.get(options, { signature: 'flipped' });
    const proof = { loginToken, factor: 'passkey' };
    const wrong = await client.post('/auth/login/factor', { ...proof, credential });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    const again = holder.authenticator.get(options);
    expect((await client.post('/auth/login/factor', { ...proof, credential: again })).status).toBe(401);
    const right = await holder.proceed(client, loginToken);
    expect([right.status, right.body.session.amr]).toEqual([200, expect.arrayContaining(['pwd', 'pop', 'user'])]);
  });

  it('of 10 logins with one assertion one succeeds', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const client = app.client();
    const { body: options } = await client.post('/auth/login/passkey/options', {});
    const credential = holder.authenticator.get(options);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => client.copy().post('/auth/login/passkey', { credential })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
  });

  it('R-08: of 10 registrations with one challenge one succeeds', async () => {
    const holder = new PasskeyHolder(app, await app.logIn());
    const options = await holder.creationOptions();
    const credentials = Array.from({ length: 10 }, () => holder.authenticator.create(options));
    const replies = await Promise.all(
      credentials.map((credential) =>
        holder.user.copyInto(app.client(holder.user.defaults)).post('/auth/factors/passkeys', { credential }),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await app.app.get(PasskeyStore, { strict: false }).listOf(holder.user.userId)).toHaveLength(1);
  });
});

overStrategies((strategy) => {
  describe('passkeys of a user', () => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: [strategy] });
    });
    afterAll(() => app.close());

    const worksFor = async (body: { accessToken?: string }, holder: { cookies: string }) => {
      const headers: Record<string, string> = body.accessToken
        ? { authorization: `Bearer ${body.accessToken}` }
        : { cookie: holder.cookies };
      return (await app.client(headers).get('/auth/me')).status;
    };

    it('log in alone, found by the browser or asked for by address', async () => {
      const holder = await PasskeyHolder.enrolled(app, strategy);
      for (const email of [undefined, holder.user.email]) {
        const reply = await holder.logIn({ email, transport: strategy === 'jwt' ? 'body' : undefined });
        expect([reply.status, reply.body.status, reply.body.user.id]).toEqual([
          200,
          'authenticated',
          holder.user.userId,
        ]);
        expect(reply.body.session.amr).toEqual(expect.arrayContaining(['pop', 'user', 'mfa']));
        const cookies = reply.setCookies.map((line) => line.split(';')[0]).join('; ');
        expect(await worksFor(reply.body, { cookies })).toBe(200);
      }
    });

    it('end the other sessions when they come and when they go; this one gets a new id', async () => {
      const user = await app.logIn({ strategy });
      const other = await app.logInAgain({ ...user, strategy });
      const holder = new PasskeyHolder(app, user);
      const old = user.copyInto(app.client(user.defaults));
      expect((await holder.register()).status).toBe(201);
      expect((await other.get('/auth/me')).body.code).toBe('session_ended');
      expect((await old.get('/auth/me')).body.code).toBe('session_ended');
      expect((await holder.user.get('/auth/me')).status).toBe(200);
      const third = await holder.logIn({ transport: strategy === 'jwt' ? 'body' : undefined, strategy });
      const bearer = third.body.accessToken;
      const [passkey] = await holder.list();
      const before = holder.user.copyInto(app.client(holder.user.defaults));
      expect([200, 204]).toContain((await holder.remove(passkey!.id)).status);
      expect((await before.get('/auth/me')).body.code).toBe('session_ended');
      if (bearer) {
        const ended = await app.client({ authorization: `Bearer ${bearer}` }).get('/auth/me');
        expect(ended.body.code).toBe('session_ended');
      }
    });

    it('WAN-10: come and go only shortly after a login or a step-up', async () => {
      const holder = await PasskeyHolder.enrolled(app, strategy);
      const [passkey] = await holder.list();
      app.clock.advance(3600);
      if (strategy === 'jwt') {
        const { body } = await holder.user.post('/auth/refresh', {});
        holder.user.defaults.authorization = `Bearer ${body.accessToken}`;
      }
      const credential = new SoftwareAuthenticator({ origin: ORIGIN }).create({ challenge: 'x' });
      const attempts = () => [
        holder.user.post('/auth/factors/passkeys/options'),
        holder.user.post('/auth/factors/passkeys', { credential }),
        holder.user.delete(`/auth/factors/passkeys/${passkey!.id}`),
      ];
      const answers = async () => (await Promise.all(attempts())).map(({ status, body }) => [status, body.code]);
      expect(await answers()).toEqual(Array(3).fill([403, 'step_up_required']));
      // The password alone is less than a login takes of whoever has a passkey.
      const { body } = await holder.user.post('/auth/step-up', { password: holder.user.password });
      if (body.accessToken) holder.user.defaults.authorization = `Bearer ${body.accessToken}`;
      expect(await answers()).toEqual(Array(3).fill([403, 'step_up_required']));
      expect(await holder.list()).toHaveLength(1);
    });

    it('step a session up, with the passkey verifying its user', async () => {
      const holder = await PasskeyHolder.enrolled(app, strategy);
      const optionsOf = async () => (await holder.user.post('/auth/step-up/passkey/options')).body;
      const prove = (options: { challenge: string }, wrong = {}) =>
        holder.user.post('/auth/step-up', { factor: 'passkey', credential: holder.authenticator.get(options, wrong) });
      app.clock.advance(120);
      const options = await optionsOf();
      expect(options.userVerification).toBe('required');
      for (const refused of [await prove(options, { userVerified: false }), await prove(options)])
        expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
      const other = await PasskeyHolder.enrolled(app, strategy);
      const { body: foreign } = await other.user.post('/auth/step-up/passkey/options');
      expect((await prove(foreign)).status).toBe(401);
      const { status, body } = await prove(await optionsOf());
      expect([status, body.session.amr]).toEqual([200, expect.arrayContaining(['pop', 'user', 'mfa'])]);
      expect(body.user.id).toBe(holder.user.userId);
    });

    it('go with their user', async () => {
      const holder = await PasskeyHolder.enrolled(app, strategy);
      const { userId, password } = holder.user;
      expect((await holder.user.request('DELETE', '/auth/me', { password })).status).toBe(204);
      expect(await app.app.get(PasskeyStore, { strict: false }).listOf(userId)).toEqual([]);
      expect((await holder.logIn()).status).toBe(401);
    });
  });
});

describe('passkeys', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  it('are listed with name, device type and last use, and can be renamed', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    app.clock.advance(1);
    const key = new PasskeyHolder(app, holder.user, new SoftwareAuthenticator({ origin: ORIGIN, synced: false }));
    expect((await key.register({ name: 'Key ring' })).status).toBe(201);
    app.clock.advance(60);
    expect((await key.logIn()).status).toBe(200);
    const [first, second] = await key.list();
    expect(first).toMatchObject({ deviceType: 'multiDevice', backedUp: true, lastUsedAt: null });
    expect(second).toMatchObject({
      name: 'Key ring',
      deviceType: 'singleDevice',
      backedUp: false,
      transports: ['usb'],
      lastUsedAt: app.clock.now().toISOString(),
    });
    const path = `/auth/factors/passkeys/${second!.id}`;
    const renamed = await key.user.request('PATCH', path, { name: 'Desk' });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Desk']);
    expect((await key.list())[1]!.name).toBe('Desk');
    expect(JSON.stringify(await key.list())).not.toMatch(/publicKey|credentialId|signatureCount/);
  });

  it('are told about by mail and in the audit, when they come and when they go', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const { email, userId } = holder.user;
    expect((await app.mails(email))[0]!.text).toContain('A passkey was added.');
    const before = (await app.mails(email)).length;
    const [passkey] = await holder.list();
    expect([200, 204]).toContain((await holder.remove(passkey!.id)).status);
    expect((await app.mails(email)).length).toBe(before + 1);
    expect((await app.mails(email))[0]!.text).toContain('A passkey was removed.');
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const events = await database.query('SELECT type FROM coatcheck.audit_events WHERE user_id = $1 ORDER BY id', [
      userId,
    ]);
    const types = events.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => /^factor\.(enrolled|removed)$/.test(type))).toHaveLength(2);
  });

  it('AZN-02: of another user are not found', async () => {
    const [ada, eve] = [await PasskeyHolder.enrolled(app), await PasskeyHolder.enrolled(app)];
    const [passkey] = await ada.list();
    const path = `/auth/factors/passkeys/${passkey!.id}`;
    for (const reply of [
      await eve.user.delete(path),
      await eve.user.request('PATCH', path, { name: 'Mine' }),
      await eve.user.delete(`/auth/factors/passkeys/${NOWHERE}`),
    ])
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
    expect((await ada.list())[0]).toEqual(passkey);
    expect((await eve.user.get('/auth/me')).status).toBe(200);
  });

  it('REG-08: planted before the mailbox was proven, log no user in after it', async () => {
    const open = await bootWithMadeUsers({ authStrategies: ['session'], emailVerification: 'optional' });
    const victim = { email: 'victim@example.com', password: 'planted by an attacker' };
    await open.client().post('/auth/register', victim);
    const attacker = new PasskeyHolder(open, await open.logInAgain(victim));
    expect((await attacker.register()).status).toBe(201);
    expect((await attacker.logIn()).status).toBe(200);
    await open.client().post('/auth/password/forgot', { email: victim.email });
    const token = await open.mailedToken(victim.email);
    expect((await open.client().post('/auth/password/reset', { token, password: 'chosen by the owner' })).status).toBe(
      204,
    );
    expect((await attacker.logIn()).body.code).toBe('invalid_credentials');
    const owner = await open.client().post('/auth/login', { email: victim.email, password: 'chosen by the owner' });
    expect(owner.body.status).toBe('authenticated');
    await open.close();
  });

  it('log in through the same gates as a password: banned and unverified users are told only after a right proof', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    const users = app.app.get(UserStore, { strict: false });
    await users.update(holder.user.userId, { bannedAt: app.clock.now() });
    expect((await holder.logIn({ wrong: { signature: 'flipped' } })).body.code).toBe('invalid_credentials');
    expect((await holder.logIn()).body.code).toBe('user_banned');
    await users.update(holder.user.userId, { bannedAt: null, emailVerifiedAt: null });
    expect((await holder.logIn()).body.code).toBe('email_unverified');
  });
});

describe('R-15: of two removals at once', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'], secondFactorRoles: ['staff'] });
  });
  afterAll(() => app.close());

  /** Both by sessions of their own, which have just proven enough. */
  const removedAtOnce = async (holder: PasskeyHolder, paths: readonly string[]) => {
    const clients = paths.map(() => app.client());
    for (const client of clients) expect((await holder.logIn({ client })).status).toBe(200);
    const replies = await Promise.all(paths.map((path, i) => clients[i]!.delete(path)));
    // Whoever comes second is refused as the last, or for the session that the first removal has ended.
    const refused = ['conflict', 'session_ended'];
    return replies.map(({ status, body }) => (refused.includes(body?.code) ? 'refused' : status)).sort();
  };

  it('of the two passkeys of a user without a password, one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const holder = await PasskeyHolder.enrolled(app);
      expect((await holder.register()).status).toBe(201);
      await app.app.get(PasswordStore, { strict: false }).delete(holder.user.userId);
      const paths = (await holder.list()).map(({ id }) => `/auth/factors/passkeys/${id}`);
      expect(await removedAtOnce(holder, paths)).toEqual([204, 'refused']);
      const left = await app.app.get(PasskeyStore, { strict: false }).listOf(holder.user.userId);
      expect(left).toHaveLength(1);
      const client = app.client();
      const { body: options } = await client.post('/auth/login/passkey/options', { email: holder.user.email });
      const credential = holder.authenticator.get(options);
      expect((await client.post('/auth/login/passkey', { credential })).status).toBe(200);
      const last = await client.delete(`/auth/factors/passkeys/${left[0]!.id}`);
      expect([last.status, last.body.code]).toEqual([409, 'conflict']);
      expect((await client.get('/auth/me')).status).toBe(200);
    }
  });

  it('of a passkey and an authenticator app where one of them is required, one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const holder = new PasskeyHolder(app, await app.logIn());
      expect((await holder.register()).status).toBe(201);
      expect((await setUpTotp(app, holder.user)).reply.status).toBe(200);
      await app.app.get(UserStore, { strict: false }).update(holder.user.userId, { roles: ['staff'] });
      const [passkey] = await holder.list();
      const paths = [`/auth/factors/passkeys/${passkey!.id}`, '/auth/factors/totp'];
      expect(await removedAtOnce(holder, paths)).toEqual([204, 'refused']);
      const { email, password } = holder.user;
      expect((await app.client().post('/auth/login', { email, password })).body.status).toBe('factor_required');
    }
  });
});

describe('who must have a second factor and has none', () => {
  it('registers a passkey in a session that is good for nothing else, and then has a full one', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'], secondFactor: 'required' });
    const { email, password } = await app.register();
    const client = app.client();
    const login = await client.post('/auth/login', { email, password });
    expect(login.body).toMatchObject({ status: 'enrolment_required', factors: ['totp', 'passkey'] });
    expect((await client.get('/auth/me')).body.code).toBe('forbidden');
    const authenticator = new SoftwareAuthenticator({ origin: ORIGIN });
    const { body: options } = await client.post('/auth/factors/passkeys/options');
    const registered = await client.post('/auth/factors/passkeys', { credential: authenticator.create(options) });
    expect(registered.status).toBe(201);
    expect((await client.get('/auth/me')).body.session.amr).toEqual(['pwd', 'pop', 'user', 'mfa']);
    await app.close();
  });
});

describe('limits', () => {
  it('count wrong passkeys of one address of a client, and refuse the sixth', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'], loginAttempts: 5 });
    const holder = await PasskeyHolder.enrolled(app);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await holder.logIn({ wrong: { signature: 'flipped' } })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    await app.close();
  });

  it('a login by passkey from a known browser is no news, from another one it is', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'] });
    const holder = await PasskeyHolder.enrolled(app);
    const news = async () =>
      (await app.mails(holder.user.email)).filter(({ subject }) => subject === 'New sign-in to your account').length;
    // The first after a change of factors has nothing to be compared with.
    expect((await holder.logIn()).status).toBe(200);
    const before = await news();
    const browser = app.client();
    expect((await holder.logIn({ client: browser })).status).toBe(200);
    expect(await news()).toBe(before + 1);
    expect((await holder.logIn({ client: browser })).status).toBe(200);
    expect(await news()).toBe(before + 1);
    await app.close();
  });
});
