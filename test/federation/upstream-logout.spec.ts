import { randomUUID } from 'node:crypto';
import {
  type AuthTestApp,
  type FakeLogout,
  type FakePerson,
  type FakeProvider,
  startFakeProvider,
  TestClient,
  type TestReply,
  type TokenMisbehaviour,
} from '../../src/testing/index.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Fleet } from '../flows/several-nodes.js';
import { type RestedSession, RestedSessions } from './rested-sessions.js';
import { endOf, Federation } from './setting.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const post = (app: AuthTestApp, slug: string, body: string, headers: Record<string, string> = FORM) =>
  new TestClient(app.url).request('POST', `/auth/federated/${slug}/logout`, body, headers);
const send = (app: AuthTestApp, slug: string, token: string) =>
  post(app, slug, new URLSearchParams({ logout_token: token }).toString());
const told = ({ status, body, headers }: TestReply) => [
  status,
  body?.error,
  headers.get('cache-control'),
  headers.get('content-type')?.split(';')[0],
];
const REFUSED = [400, 'invalid_request', 'no-store', 'application/json'];

describe('FED-11: a logout that a provider tells', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: RestedSessions;
  let connectionId: string;
  const slug = 'them';
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt'] });
    provider = await startFakeProvider({ clock: app.clock });
    on = new RestedSessions(app, provider);
    connectionId = await on.connect({}, slug);
  });
  afterAll(async () => {
    await provider.stop();
    await app.close();
  });

  const logIn = (again?: RestedSession) => on.logIn({ connectionId, ...(again && { again }) });
  const tokenFor = ({ person, upstreamSid }: RestedSession, wrong?: TokenMisbehaviour) =>
    provider.logoutToken({ person, sessionId: upstreamSid! }, wrong);

  it('ends the session that rests on the one it names there, and no other of its user', async () => {
    const named = await logIn();
    const other = await logIn(named);
    const reply = await send(app, slug, await tokenFor(named));
    expect([reply.status, reply.text, reply.headers.get('cache-control')]).toEqual([200, '', 'no-store']);
    expect(await on.outcomes([named, other])).toEqual([401, 200]);
    expect(await on.endsOf(named.user.sessionId)).toEqual([
      'federated.session_ended:federated_logged_out',
      'session.revoked:federated_logged_out',
    ]);
    expect(await on.row(named.loginId)).toBeUndefined();
  });

  it('ends by the session alone, where it names no subject', async () => {
    const session = await logIn();
    const token = await provider.logoutToken({ sessionId: session.upstreamSid! });
    expect((await send(app, slug, token)).status).toBe(200);
    expect(await on.outcomes([session])).toEqual([401]);
  });

  it('ends all of a subject that it names without a session, and of no other', async () => {
    const first = await logIn();
    const [second, stranger] = [await logIn(first), await logIn()];
    const token = await provider.logoutToken({ person: first.person });
    expect((await send(app, slug, token)).status).toBe(200);
    expect(await on.outcomes([first, second, stranger])).toEqual([401, 401, 200]);
  });

  it('ends with the session that it names what may rest on it: logins whose session there is unknown', async () => {
    const named = await logIn();
    const unnamed = await on.logIn({ connectionId, again: named, said: { sessionId: null } });
    expect((await send(app, slug, await tokenFor(named))).status).toBe(200);
    expect(await on.outcomes([named, unnamed])).toEqual([401, 401]);
  });

  it('ends nothing by the session of one and the subject of another', async () => {
    const [one, other] = [await logIn(), await logIn()];
    const token = await provider.logoutToken({ person: one.person, sessionId: other.upstreamSid! });
    expect((await send(app, slug, token)).status).toBe(200);
    expect(await on.outcomes([one, other])).toEqual([200, 200]);
  });

  it('is no error where nothing is logged in', async () => {
    const session = await logIn();
    expect((await session.user.post('/auth/logout')).status).toBe(204);
    expect((await send(app, slug, await tokenFor(session))).status).toBe(200);
    const nobody = await provider.logoutToken({ person: provider.addPerson(), sessionId: randomUUID() });
    expect((await send(app, slug, nobody)).status).toBe(200);
  });

  const now = () => Math.floor(app.clock.now().getTime() / 1000);
  const BROKEN: [string, () => TokenMisbehaviour][] = [
    ['of no type', () => ({ header: { typ: undefined } })],
    ['of the type of ID tokens', () => ({ header: { typ: 'JWT' } })],
    ['without the event', () => ({ claims: { events: undefined } })],
    ['with another event', () => ({ claims: { events: { 'https://example.com/another': {} } } })],
    ['with an event that is no object', () => ({ claims: { events: { [EVENT]: true } } })],
    ['with a nonce', () => ({ claims: { nonce: 'a-nonce' } })],
    ['with an empty nonce', () => ({ claims: { nonce: null } })],
    ['of an hour ago', () => ({ claims: { iat: now() - 3_600, exp: now() + 60 } })],
    ['of tomorrow', () => ({ claims: { iat: now() + 86_400, exp: now() + 90_000 } })],
    ['without a time', () => ({ claims: { iat: undefined } })],
    ['that has run out', () => ({ claims: { iat: now() - 200, exp: now() - 100 } })],
    ['without an id', () => ({ claims: { jti: undefined } })],
    ['with an empty id', () => ({ claims: { jti: '' } })],
    ['for another client', () => ({ claims: { aud: 'another' } })],
    ['for no client', () => ({ claims: { aud: undefined } })],
    ['of another issuer', () => ({ claims: { iss: 'https://else.example.com' } })],
    ['of no issuer', () => ({ claims: { iss: undefined } })],
    ['about no subject and no session', () => ({ claims: { sub: undefined, sid: undefined } })],
    ['about an empty subject', () => ({ claims: { sub: '', sid: undefined } })],
    ['about a number', () => ({ claims: { sub: 7 } })],
    ['that is not signed', () => ({ signature: 'none' })],
    ['with an empty signature', () => ({ signature: 'empty' })],
    ['with a broken signature', () => ({ signature: 'flipped' })],
    ['signed by a stranger', () => ({ signature: 'stranger' })],
    ['signed by the client secret', () => ({ signature: 'hmac' })],
  ];
  it.each(BROKEN)('is refused, and ends nothing, by a token %s', async (_how, wrong) => {
    const session = await logIn();
    expect(told(await send(app, slug, await tokenFor(session, wrong())))).toEqual(REFUSED);
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it('is refused by an ID token', async () => {
    const session = await logIn();
    const idToken = await provider.keys.sign(
      {
        iss: provider.issuer,
        aud: provider.clientId,
        sub: session.person.subject,
        iat: now(),
        exp: now() + 60,
        jti: 'x',
      },
      'JWT',
      provider.clientSecret,
    );
    expect(told(await send(app, slug, idToken))).toEqual(REFUSED);
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it('is good once, of any number at once as well', async () => {
    const session = await logIn();
    const token = await tokenFor(session);
    const replies = await Promise.all([1, 2, 3, 4].map(() => send(app, slug, token)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect(told(await send(app, slug, token))).toEqual(REFUSED);
    app.clock.advance(290);
    expect(told(await send(app, slug, token))).toEqual(REFUSED);
  });

  it('may come again where it could not be done', async () => {
    const session = await logIn();
    const token = await tokenFor(session);
    await on.database.query('ALTER TABLE coatcheck.federated_logins RENAME TO away');
    const failed = await send(app, slug, token).finally(() =>
      on.database.query('ALTER TABLE coatcheck.away RENAME TO federated_logins'),
    );
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(await on.outcomes([session])).toEqual([200]);
    expect((await send(app, slug, token)).status).toBe(200);
    expect(await on.outcomes([session])).toEqual([401]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['an empty form', '', FORM],
    ['an empty token', 'logout_token=', FORM],
    ['two tokens', 'logout_token=a&logout_token=b', FORM],
    ['what is no token', 'logout_token=a.b.c', FORM],
    ['a token that is too long', `logout_token=${'a'.repeat(20_000)}`, FORM],
    ['a key of objects', '__proto__=a&constructor=b&logout_token[a]=b', FORM],
    ['JSON without one', '{"token":"a"}', { 'content-type': 'application/json' }],
    ['JSON that is none', '[1', { 'content-type': 'application/json' }],
    ['text', 'logout_token=a', { 'content-type': 'text/plain' }],
  ])('is refused by %s, with a client’s error', async (_what, body, headers) => {
    const reply = await post(app, slug, body, headers);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('is refused at a connection that does not exist, or whose provider tells no logouts', async () => {
    const session = await logIn();
    expect((await send(app, 'nobody', await tokenFor(session))).status).toBe(404);
    const hub = await startFakeProvider({ clock: app.clock, kind: 'github' });
    await new RestedSessions(app, hub).connect({}, 'hub');
    expect(told(await send(app, 'hub', await tokenFor(session)))).toEqual(REFUSED);
    await hub.stop();
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it('ends nothing at another connection to the same provider', async () => {
    await on.connect({}, 'twin');
    const session = await logIn();
    expect((await send(app, 'twin', await tokenFor(session))).status).toBe(200);
    expect(await on.outcomes([session])).toEqual([200]);
  });
});

describe('FED-11: a logout that overtakes a login', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  let person: FakePerson;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
    provider = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    await on.connect(provider, { slug: 'them', vouchesForEmail: true, jitProvisioning: 'on' });
  });
  afterAll(async () => {
    await provider.stop();
    await app.close();
  });
  beforeEach(() => {
    app.clock.advance(3600);
    provider.wrong = {};
    person = provider.addPerson();
    provider.chosen = person;
  });

  /** A login, while whose code is exchanged the provider tells of a logout. */
  async function overtaken(logout: () => FakeLogout): Promise<Record<string, string>> {
    let isTold = false;
    provider.before = async ({ endpoint }) => {
      if (endpoint !== 'token' || isTold) return;
      isTold = true;
      expect(await provider.sendLogout(`${app.url}/auth/federated/them/logout`, logout())).toBe(200);
    };
    try {
      return await logIn();
    } finally {
      provider.before = () => undefined;
      expect(isTold).toBe(true);
    }
  }

  const logIn = async () => endOf(await on.logIn(app.client(), 'them', { returnTo: '/done' })).said;
  /** Of this person: logins of others, which are due by now, are checked meanwhile. */
  const resting = async () => {
    const sql = `
      SELECT count(*)::integer AS count FROM coatcheck.federated_logins AS login
        JOIN coatcheck.federated_identities AS identity ON identity.id = login.identity_id
       WHERE login.next_check_at > $1 AND identity.subject = $2`;
    return (await on.tables.query(sql, [app.clock.now(), person.subject]))[0].count;
  };
  const sessionId = () => provider.logins.at(-1)!.sessionId;

  it.each<[what: string, logout: () => FakeLogout]>([
    ['all of the user’s', () => ({ person })],
    ['this session of the user', () => ({ person, sessionId: sessionId() })],
    ['this session', () => ({ sessionId: sessionId() })],
  ])('ends it, where it is of %s: there is no session, and nothing that one rests on', async (_, logout) => {
    const before = await resting();
    const refusals = await on.refusals('logged_out_elsewhere_meanwhile');
    await overtaken(logout);
    expect(await on.refusals('logged_out_elsewhere_meanwhile')).toBe(refusals + 1);
    expect(await resting()).toBe(before);
  });

  it('of all of a user ends a login without a known time', async () => {
    provider.wrong = { idToken: { claims: { auth_time: undefined, sid: undefined } } };
    const refusals = await on.refusals('logged_out_elsewhere_meanwhile');
    await overtaken(() => ({ person, sessionId: randomUUID() }));
    await overtaken(() => ({ person }));
    expect(await on.refusals('logged_out_elsewhere_meanwhile')).toBe(refusals + 2);
  });

  it.each<[what: string, logout: () => FakeLogout]>([
    ['another person', () => ({ person: provider.addPerson() })],
    ['another session of the user', () => ({ person, sessionId: randomUUID() })],
    ['this session of another person', () => ({ person: provider.addPerson(), sessionId: sessionId() })],
  ])('does not end it, where it is of %s', async (_, logout) => {
    const before = await resting();
    await overtaken(logout);
    expect(await resting()).toBe(before + 1);
  });

  it('ends no later login: the user may log in again at once', async () => {
    const before = await resting();
    await overtaken(() => ({ person }));
    app.clock.advance(1);
    await logIn();
    expect(await resting()).toBe(before + 1);
  });
});

overStores((store) => {
  describe('FED-11: on several nodes, a logout that a provider tells', () => {
    it('is answered when no node accepts what rested on it', async () => {
      const fleet = await Fleet.start(2, { authStrategies: ['session'], sessionStore: store });
      const [first, second] = fleet.nodes as [AuthTestApp, AuthTestApp];
      const provider = await startFakeProvider({ clock: first.clock });
      try {
        const on = new RestedSessions(first, provider);
        const connectionId = await on.connect({}, 'them');
        for (let round = 0; round < 5; round += 1) {
          const session = await on.logIn({ connectionId });
          expect([await on.outcomes([session]), await on.outcomes([session], second)]).toEqual([[200], [200]]);
          const token = await provider.logoutToken({ person: session.person });
          expect((await send(round % 2 ? first : second, 'them', token)).status).toBe(200);
          expect([await on.outcomes([session], second), await on.outcomes([session])]).toEqual([[401], [401]]);
        }
      } finally {
        await provider.stop();
        await fleet.stop();
      }
    });
  });
});
