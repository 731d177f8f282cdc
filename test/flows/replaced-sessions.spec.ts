import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../../src/kernel/auth-error.js';
import { SnapshotSource } from '../../src/revocation/session-view.js';
import { type Ending, Holding } from '../../src/security/holding.js';
import { ReplacedSessions } from '../../src/sessions/replaced-sessions.js';
import { SessionService } from '../../src/sessions/session.service.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

const PASSWORD = 'another passphrase 7301';

/** Something that hangs on sessions: it notes what it is told. */
@Injectable()
class Allowances extends Holding {
  override readonly name = 'allowances';
  override readonly column = 'sessionGrants';
  readonly endings: Ending[] = [];

  override async end(of: Ending, _tx: EntityManager): Promise<void> {
    this.endings.push(of);
  }
}

interface Move {
  readonly before: string;
  readonly next: string;
  readonly userId: string;
  /** Which of the two were live while it was told. */
  readonly live: readonly boolean[];
}

const told = ({ status, body }: TestReply) => (status < 300 ? status : [status, body.code]);

describe.each(['session', 'jwt'] as const)('a session of %s that another one replaces', (strategy) => {
  let app: AuthTestApp;
  let moves: Move[];
  let interrupt: ((before: string) => Promise<unknown>) | undefined;

  const isLive = async (id: string) => {
    const found = await app.app.get(SnapshotSource).load(id);
    return found !== null && found.endedAt === null && !found.isSuperseded;
  };
  const liveOf = async ({ userId }: TestUser) => {
    const { sessions } = await app.app.get(SessionService).listOf(userId, null, 100);
    return sessions.map(({ id }) => id);
  };
  const login = { strategy, ...(strategy === 'jwt' && { transport: 'cookie' as const }) };
  const again = (user: TestUser) => user.post('/auth/login', { email: user.email, password: user.password, ...login });

  beforeAll(async () => {
    app = await bootHost({
      options: { authStrategies: ['session', 'jwt'], sessionIdleSeconds: 3_600 },
      features: [{ name: 'allowances', holdings: { allowances: Allowances } }],
    });
    app.app.get(ReplacedSessions).on(async ({ id: before, userId }, next) => {
      const live = await Promise.all([before, next.id].map(isLive));
      moves.push({ before, next: next.id, userId, live });
      await interrupt?.(before);
    });
  });
  beforeEach(() => {
    moves = [];
    interrupt = undefined;
  });
  afterAll(() => app.close());

  /** What replaces the session of the client that asks. */
  const replacements: [string, (user: TestUser) => Promise<TestReply>, string][] = [
    ['a step-up', (user) => user.post('/auth/step-up', { password: user.password }), 'session_ended'],
    // What judges credentials has one answer for every refusal.
    ['a login of the same user in the same client', again, 'invalid_credentials'],
    [
      'a change of password',
      (user) => user.post('/auth/password/change', { currentPassword: user.password, newPassword: PASSWORD }),
      'session_ended',
    ],
  ];

  describe.each(replacements)('by %s', (_name, replace, endedMeanwhile) => {
    it('hands on what hangs on it while both are live, then ends', async () => {
      const user = await app.logIn(login);
      expect((await replace(user)).status).toBeLessThan(300);
      const [next] = await liveOf(user);
      expect(moves).toEqual([{ before: user.sessionId, next, userId: user.userId, live: [true, true] }]);
      expect(await liveOf(user)).toHaveLength(1);
      expect(await isLive(user.sessionId)).toBe(false);
      expect((await user.get('/auth/me')).status).toBe(200);
    });

    it('takes the new one along when it ends meanwhile', async () => {
      const user = await app.logIn(login);
      interrupt = (before) => app.app.get(SessionService).end(before, 'logout');
      expect(told(await replace(user))).toEqual([401, endedMeanwhile]);
      expect(moves).toHaveLength(1);
      expect(await liveOf(user)).toEqual([]);
    });

    it('goes on, and the new one ends, when what hangs on it could not be moved', async () => {
      const user = await app.logIn(login);
      interrupt = async () => {
        throw new AuthError('unavailable', { reason: 'out_of_reach' });
      };
      expect(told(await replace(user))).toEqual([503, 'unavailable']);
      expect(await isLive(moves[0]!.next)).toBe(false);
      expect(await isLive(user.sessionId)).toBe(true);
    });
  });

  it('of two step-ups at once, hands on to the one that is left', async () => {
    const user = await app.logIn(login);
    const replies = await Promise.all([1, 2].map(() => user.copy().post('/auth/step-up', { password: user.password })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await liveOf(user)).toHaveLength(1);
  });

  it('of two logins at once, hands on to one, and both are logged in', async () => {
    const user = await app.logIn(login);
    const { email, password } = user;
    const clients = [user.copy(), user.copy()];
    const replies = await Promise.all(clients.map((one) => one.post('/auth/login', { email, password, ...login })));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(await isLive(user.sessionId)).toBe(false);
    expect(await Promise.all(clients.map(async (one) => (await one.get('/auth/me')).status))).toEqual([200, 200]);
  });

  it('hands on nothing to another user who logs in there', async () => {
    const [ada, bob] = [await app.logIn(login), await app.logIn(login)];
    const { email, password } = bob;
    expect((await ada.post('/auth/login', { email, password, ...login })).status).toBe(200);
    expect(moves).toEqual([]);
    expect(await isLive(ada.sessionId)).toBe(false);
  });

  it('hands on nothing when it had ended, or had expired, before the login', async () => {
    const [ended, expired] = [await app.logIn(login), await app.logIn(login)];
    await app.app.get(SessionService).end(ended.sessionId, 'logout');
    expect((await again(ended)).status).toBe(200);
    app.clock.advance(3_601);
    expect((await again(expired)).status).toBe(200);
    expect(moves).toEqual([]);
  });

  it('keeps what hangs on it when the others end, and only that', async () => {
    const holding = app.app.get(Allowances);
    const user = await app.logIn(login);
    holding.endings.length = 0;
    expect((await user.post('/auth/logout-all', { keepCurrent: true })).status).toBe(204);
    expect(holding.endings).toMatchObject([{ event: 'logged_out_others', exceptSessionId: user.sessionId }]);
    const changed = { currentPassword: user.password, newPassword: PASSWORD };
    expect((await user.post('/auth/password/change', changed)).status).toBeLessThan(300);
    expect(holding.endings[1]).toMatchObject({ event: 'password_changed', exceptSessionId: user.sessionId });
    expect((await user.post('/auth/logout-all', {})).status).toBe(204);
    expect(holding.endings[2]).toMatchObject({ event: 'logged_out_everywhere' });
    expect(holding.endings[2]!.exceptSessionId).toBeUndefined();
  });
});
