import { Connections } from '../../src/factors/federated/connections/connections.js';
import { CheckQueue } from '../../src/factors/federated/recheck/check-queue.js';
import { FederatedEnds } from '../../src/factors/federated/recheck/federated-ends.js';
import { FederatedLogins } from '../../src/factors/federated/recheck/federated-logins.js';
import { SealedTokens } from '../../src/factors/federated/recheck/sealed-tokens.js';
import { Upstreams } from '../../src/factors/federated/upstreams/upstreams.js';
import {
  type AuthTestApp,
  type FakeProvider,
  type ProviderFault,
  startFakeProvider,
  type TestReply,
  type TestUser,
} from '../../src/testing/index.js';
import { overStores, STRATEGIES } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { type RestedSession, RestedSessions, statusOf } from './rested-sessions.js';

const HOUR = 3_600;
const DAY = 86_400;
/** With the jitter, and a second. */
const INTERVAL = HOUR * 1.1 + 1;

overStores((store) => {
  describe.each(STRATEGIES)('a session of %s that rests on a login elsewhere', (strategy) => {
    let app: AuthTestApp;
    let provider: FakeProvider;
    let on: RestedSessions;
    let connectionId: string;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: [strategy], sessionStore: store, sessionIdleSeconds: 30 * DAY });
      provider = await startFakeProvider({ clock: app.clock });
      on = new RestedSessions(app, provider);
      connectionId = await on.connect();
    });
    afterEach(async () => {
      provider.wrong = {};
      provider.before = () => undefined;
      provider.requests.length = 0;
      await on.clear();
    });
    afterAll(async () => {
      await provider.stop();
      await app.close();
    });

    const transport = strategy === 'jwt' ? ('cookie' as const) : undefined;
    const logIn = () => on.logIn({ connectionId, strategy, transport });
    /** Of a user with a password. */
    async function logInWithPassword(): Promise<RestedSession & { user: TestUser }> {
      const user = await app.logIn({ strategy, transport });
      return { ...(await on.logIn({ connectionId, user })), user };
    }
    const refreshes = () => provider.requestsTo('token').filter(({ parameters }) => parameters.has('refresh_token'));
    const pass = async (seconds = INTERVAL) => {
      app.clock.advance(seconds);
      await on.look();
    };

    it('goes on while the login stands, and is looked at once an interval, each time by the latest token', async () => {
      const session = await logIn();
      await on.look();
      expect(refreshes()).toHaveLength(0);
      for (let hours = 1; hours <= 3; hours += 1) {
        await pass();
        expect(refreshes()).toHaveLength(hours);
      }
      expect(new Set(refreshes().map(({ parameters }) => parameters.get('refresh_token'))).size).toBe(3);
      expect(await on.outcomes([session])).toEqual([200]);
      expect(await on.row(session.loginId)).toMatchObject({ failing_since: null, was_lost: false, claim_id: null });
    });

    it('ends within the interval when the login is revoked there, and no other does', async () => {
      const [revoked, other] = [await logIn(), await logIn()];
      provider.revoke({ person: revoked.person });
      expect(await on.outcomes([revoked, other])).toEqual([200, 200]);
      await pass();
      expect(await on.outcomes([revoked, other])).toEqual([401, 200]);
      expect(await on.endsOf(revoked.user.sessionId)).toEqual([
        'federated.session_ended:federated_revoked',
        'session.revoked:federated_revoked',
      ]);
      expect(await on.row(revoked.loginId)).toBeUndefined();
    });

    it('is followed to the one that takes its place, which ends for the same', async () => {
      const { user, person, loginId } = await logInWithPassword();
      const { email, password } = user;
      expect((await user.post('/auth/step-up', { password })).status).toBe(200);
      expect((await user.post('/auth/login', { email, password, strategy, transport })).status).toBe(200);
      await pass();
      expect(await statusOf(user)).toBe(200);
      const sessions = 'SELECT count(*)::integer FROM coatcheck.federated_sessions WHERE login_id = $1';
      expect(await on.database.query(sessions, [loginId])).toEqual([{ count: 1 }]);
      provider.revoke({ person });
      await pass();
      expect(await statusOf(user)).toBe(401);
    });

    it('is not looked at once it has ended, and what was kept of it goes', async () => {
      const session = await logIn();
      expect((await session.user.post('/auth/logout')).status).toBe(204);
      await pass();
      expect(refreshes()).toHaveLength(0);
      expect(await on.row(session.loginId)).toBeUndefined();
    });

    describe('while it is being looked at', () => {
      /** Something happens between the question and the answer. */
      async function during(session: RestedSession, event: () => Promise<unknown>, isRevoked: boolean): Promise<void> {
        if (isRevoked) provider.revoke({ person: session.person });
        let happened: Promise<unknown> | undefined;
        provider.before = ({ endpoint }) => {
          if (endpoint === 'token') happened ??= event();
          return happened;
        };
        await pass();
        await happened;
      }

      it.each([false, true])('it may log out (revoked: %s)', async (isRevoked) => {
        const session = await logIn();
        await during(session, async () => session.user.post('/auth/logout'), isRevoked);
        expect(await on.outcomes([session])).toEqual([401]);
        await pass();
        expect(await on.row(session.loginId)).toBeUndefined();
      });

      it('it may be replaced: the next one ends if the login was revoked', async () => {
        const session = await logInWithPassword();
        const { user } = session;
        let reply: TestReply | undefined;
        await during(
          session,
          async () => {
            await statusOf(user);
            reply = await user.post('/auth/step-up', { password: user.password });
          },
          true,
        );
        expect(reply?.status).toBe(200);
        expect(await statusOf(user)).toBe(401);
      });

      it('it may be replaced: the next one goes on by the latest token if it stands', async () => {
        const session = await logInWithPassword();
        const { user } = session;
        await during(
          session,
          async () => {
            await statusOf(user);
            expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
          },
          false,
        );
        await pass();
        await pass();
        expect(await statusOf(user)).toBe(200);
        expect(await on.row(session.loginId)).toMatchObject({ failing_since: null });
      });

      it('its login may be unlinked', async () => {
        const session = await logIn();
        const { identityId } = session;
        await during(session, () => on.part(FederatedEnds).end({ identityId }, 'federated_unlinked'), false);
        expect(await on.outcomes([session])).toEqual([401]);
        expect(await on.row(session.loginId)).toBeUndefined();
      });
    });

    it('of any number of step-ups beside a revocation, none leaves a session behind', async () => {
      const session = await logInWithPassword();
      provider.revoke({ person: session.person });
      app.clock.advance(INTERVAL);
      await statusOf(session.user);
      const clients = Array.from({ length: 4 }, () => session.user.copy());
      const { password } = session.user;
      await Promise.all([on.look(), ...clients.map((client) => client.post('/auth/step-up', { password }))]);
      await pass();
      expect(await Promise.all(clients.map(statusOf))).toEqual(clients.map(() => 401));
    });
  });
});

describe('a login elsewhere', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: RestedSessions;
  let connectionId: string;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'], sessionIdleSeconds: 30 * DAY });
    provider = await startFakeProvider({ clock: app.clock });
    on = new RestedSessions(app, provider);
    connectionId = await on.connect();
  });
  afterEach(async () => {
    provider.wrong = {};
    provider.requests.length = 0;
    await on.clear();
  });
  afterAll(async () => {
    await Promise.all([provider, ...others].map((one) => one.stop()));
    await app.close();
  });

  const others: FakeProvider[] = [];
  const another = async (settings: Parameters<typeof startFakeProvider>[0]) => {
    others.push(await startFakeProvider(settings));
    return others.at(-1)!;
  };
  const logIn = () => on.logIn({ connectionId });
  const pass = async (seconds = INTERVAL) => {
    app.clock.advance(seconds);
    await on.look();
  };

  it('begins no session once it has ended there, or its identity is linked no more', async () => {
    const session = await logIn();
    const logins = on.part(FederatedLogins);
    const connection = (await on.part(Connections).find(connectionId))!;
    const { identityId, person } = session;
    const identity = {
      ...{ issuer: provider.issuer, subject: person.subject, email: null, emailVerified: false, name: null },
      ...{ amr: [], authenticatedAt: null, claims: {}, sessionId: 'a-session', sessionExpiresAt: null },
    };
    const begin = () =>
      logins.begin({ connection, identityId, login: { identity, token: null }, askedAt: app.clock.now() });
    const [first, second] = [await begin(), await begin()];
    await on
      .part(FederatedEnds)
      .end({ connectionId, issuer: provider.issuer, subject: null, sessionId: 'a-session' }, 'federated_logged_out');
    const begun = (context: string) => logins.onSession(context, session.user.sessionId);
    await expect(begun(first)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(begun(second)).rejects.toMatchObject({ code: 'invalid_credentials' });
    const third = await begin();
    await on.database.query('DELETE FROM coatcheck.federated_identities WHERE id = $1', [identityId]);
    await expect(begun(third)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it.each<[string, (connectionId: string, session: RestedSession) => Promise<unknown>, string]>([
    [
      'its connection is disabled',
      (id) => on.database.query('UPDATE coatcheck.connections SET disabled_at = now() WHERE id = $1', [id]),
      'federated_connection_disabled',
    ],
    [
      'its connection is gone',
      (id) => on.database.query('DELETE FROM coatcheck.connections WHERE id = $1', [id]),
      'federated_connection_removed',
    ],
    [
      'its identity is gone',
      (_, { identityId }) =>
        on.database.query('DELETE FROM coatcheck.federated_identities WHERE id = $1', [identityId]),
      'federated_unlinked',
    ],
  ])('ends what rests on it within the interval when %s', async (_what, happen, reason) => {
    const id = await on.connect();
    const session = await on.logIn({ connectionId: id });
    await happen(id, session);
    await on.announceConnections();
    await pass();
    expect(await on.outcomes([session])).toEqual([401]);
    expect(await on.endsOf(session.user.sessionId)).toContain(`session.revoked:${reason}`);
  });

  const FAULTS: ProviderFault[] = ['cut', 'huge', 'redirect', 'error_in_200', 'not_json', 500, 503, 429, 403, 204];
  it.each(FAULTS)('revokes nothing by %p, and counts again from its next good answer', async (fault) => {
    const session = await logIn();
    provider.wrong = { faults: { token: fault } };
    await pass();
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: app.clock.now() });
    provider.wrong = {};
    await pass(2 * 60);
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: null, was_lost: false });
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it('revokes nothing by an answer that got lost with the token that replaces ours, until the grace is over', async () => {
    const session = await logIn();
    await pass(INTERVAL - HOUR);
    provider.failNext('token', 'lost');
    await pass();
    const since = app.clock.now();
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: since, was_lost: true });
    await pass(DAY - 60);
    expect(await on.outcomes([session])).toEqual([200]);
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: since });
    await pass(61);
    expect(await on.outcomes([session])).toEqual([401]);
    expect(await on.endsOf(session.user.sessionId)).toContain('session.revoked:federated_unanswered');
  });

  it('ends what rests on it when it has given none for the grace, whatever others answer', async () => {
    const session = await logIn();
    provider.wrong = { faults: { token: 503, discovery: 503 } };
    await pass();
    await pass(DAY - 1);
    expect(await on.outcomes([session])).toEqual([200]);
    await pass(2);
    expect(await on.outcomes([session])).toEqual([401]);
  });

  it('is asked once more, and good, where an old token works again', async () => {
    const lenient = await another({ clock: app.clock, reusedRefreshToken: 'allowed' });
    const there = new RestedSessions(app, lenient);
    const session = await there.logIn({ connectionId: await there.connect() });
    lenient.failNext('token', 'lost');
    await pass();
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: null, was_lost: false });
  });

  it('of a process that died with its answer, is treated as lost', async () => {
    const session = await logIn();
    app.clock.advance(INTERVAL);
    const claimed = (await on.part(CheckQueue).claim([]))!;
    expect(claimed.id).toBe(session.loginId);
    const upstream = await on.part(Upstreams).of((await on.part(Connections).find(connectionId))!);
    const token = on.part(SealedTokens).unseal(claimed.tokenSealed!, claimed.id)!;
    expect(await upstream.check(token)).toMatchObject({ outcome: 'live' });
    // No other process looks before the claim is over.
    await on.look();
    expect(await on.row(session.loginId)).toMatchObject({ claim_id: claimed.claimId, was_lost: false });
    await on.database.query(`UPDATE coatcheck.federated_logins SET claimed_until = now() WHERE id = $1`, [claimed.id]);
    await on.look();
    expect(await on.row(session.loginId)).toMatchObject({ was_lost: true, failing_since: app.clock.now() });
    expect(await on.outcomes([session])).toEqual([200]);
  });

  it('is stored by the node that has it, though another has claimed the login meanwhile', async () => {
    const session = await logIn();
    app.clock.advance(INTERVAL);
    const late = (await on.part(CheckQueue).claim([]))!;
    await on.database.query(`UPDATE coatcheck.federated_logins SET claimed_until = now() WHERE id = $1`, [late.id]);
    const next = (await on.part(CheckQueue).claim([]))!;
    expect([next.id, next.wasLost]).toEqual([late.id, true]);
    await on.part(CheckQueue).finish(late, { token: 'the-latest', checkedAt: new Date(0), nextCheckAt: new Date(0) });
    const row = (await on.row(session.loginId))!;
    expect(on.part(SealedTokens).unseal(row.token_sealed!, row.id)).toBe('the-latest');
    expect(row).toMatchObject({ claim_id: next.claimId });
    await on.part(FederatedEnds).end({ identityId: session.identityId }, 'federated_unlinked');
  });

  it('is not asked for by a token that no key of ours opens: that is no answer', async () => {
    const session = await logIn();
    const copied = 'UPDATE coatcheck.federated_logins SET token_sealed = $2 WHERE id = $1';
    await on.database.query(copied, [session.loginId, on.part(SealedTokens).seal('{}', 'of another login')]);
    await pass();
    expect(provider.requestsTo('token')).toHaveLength(1);
    expect(await on.row(session.loginId)).toMatchObject({ failing_since: app.clock.now() });
    await pass(DAY);
    expect(await on.outcomes([session])).toEqual([401]);
  });

  describe('of the end of its own session', () => {
    const endOf = (seconds: number) => ({ sessionExpiresAt: app.clock.in(seconds) });

    it('is a ceiling', async () => {
      const session = await on.logIn({ connectionId, said: endOf(1_000) });
      await pass(999);
      expect(await on.outcomes([session])).toEqual([200]);
      await pass(1);
      expect(await on.outcomes([session])).toEqual([401]);
      expect(await on.endsOf(session.user.sessionId)).toContain('session.revoked:federated_expired');
    });

    it('may be moved by a later answer, and not by silence', async () => {
      const [moved, silent] = [await logIn(), await on.logIn({ connectionId, said: endOf(2 * HOUR) })];
      const end = Math.floor(app.clock.in(3 * HOUR).getTime() / 1000);
      provider.wrong = { idToken: { claims: { session_expiry: end } } };
      await on.database.query('UPDATE coatcheck.federated_logins SET next_check_at = $2 WHERE id = $1', [
        silent.loginId,
        app.clock.in(2 * HOUR),
      ]);
      await pass();
      provider.wrong = {};
      expect(await on.row(moved.loginId)).toMatchObject({ expires_at: new Date(end * 1000) });
      await pass(2 * HOUR - INTERVAL);
      expect(await on.outcomes([moved, silent])).toEqual([200, 401]);
      await pass(HOUR);
      expect(await on.outcomes([moved])).toEqual([401]);
    });

    it('begins no session once it is past', async () => {
      await expect(on.logIn({ connectionId, said: endOf(-1) })).rejects.toMatchObject({ code: 'invalid_credentials' });
    });
  });

  it('is not to be had where there is no token: then its connection says how long a session lives', async () => {
    const limited = await on.connect({ maxAgeSeconds: 10 * HOUR });
    const [short, long, checked] = [
      await on.logIn({ connectionId: limited, token: null }),
      await on.logIn({ connectionId, token: null }),
      await on.logIn({ connectionId: limited }),
    ];
    for (let hours = 0; hours < 9; hours += 1) await pass(HOUR);
    expect(await on.outcomes([short, long, checked])).toEqual([200, 200, 200]);
    await pass(HOUR);
    expect(await on.outcomes([short, long, checked])).toEqual([401, 200, 200]);
  });

  it('at GitHub, revokes whatever was lost before: asking replaces no token', async () => {
    const hub = await another({ clock: app.clock, kind: 'github' });
    const there = new RestedSessions(app, hub);
    const session = await there.logIn({ connectionId: await there.connect() });
    hub.wrong = { faults: { check: 503 } };
    await pass();
    expect(await on.row(session.loginId)).toMatchObject({ was_lost: true });
    hub.wrong = {};
    hub.revoke({ person: session.person });
    await pass(2 * 60);
    expect(await on.outcomes([session])).toEqual([401]);
  });
});
