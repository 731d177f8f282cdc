import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { protectedUser } from '../flows/authenticator-app.js';
import { overStoresAndStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { heldBack, inTurn } from './held-back.js';
import { expected, freshAddress } from './holder.js';

const ENDED = '401 session_ended';
const NEW_PASSWORD = 'a loom of silver numbers';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

/** Not of everyone's: that locks no user. */
const LOCKING = ['the user logs out everywhere', 'the user logs out all others', 'an admin logs the user out'];

/** Every end of a session by itself or with others; each is answered before what was under way goes on. */
const ENDS: Record<string, (owner: TestUser, admin: TestUser) => Promise<TestReply>> = {
  'the user logs out everywhere': (owner) => owner.post('/auth/logout-all', {}),
  'the user logs out all others': (owner) => owner.post('/auth/logout-all', { keepCurrent: true }),
  'an admin logs the user out': (owner, admin) => admin.post(`/admin/users/${owner.userId}/logout`),
  'everything is revoked': (_owner, admin) => admin.post('/admin/revoke-all', {}),
};

overStoresAndStrategies((sessionStore, strategy) => {
  describe('a proof that is under way while its session ends', () => {
    let app: AuthTestApp;
    let admin: TestUser;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: [strategy], sessionStore });
    });
    beforeEach(async () => {
      admin = await app.logIn({ transport: 'body', changes: { roles: ['admin'] } });
    });
    afterAll(() => app.close());

    const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const twice = async () => {
      const thief = await app.logIn({ transport: 'body' });
      return { thief, owner: await app.logInAgain({ ...thief, transport: 'body' }) };
    };
    /** Sends a request that looks the lock of its user up, after the guard and before the user, and has the session end then. */
    const across = (send: () => Promise<TestReply>, end: () => Promise<TestReply>) =>
      heldBack(database(), 'LOCK TABLE coatcheck.lockouts IN ACCESS EXCLUSIVE MODE', send, () => expected(204, end()));

    it.each(Object.entries(ENDS))('M-8: begins no session when %s', async (what, end) => {
      const { thief, owner } = await twice();
      const { password } = thief;
      const [reply] = await across(
        () => thief.post('/auth/step-up', { password }),
        () => end(owner, admin),
      );
      expect(told(reply)).toBe(ENDED);
      expect((await thief.get('/auth/me')).status).toBe(401);
      expect(await liveOf(owner.userId)).toBe(what.includes('others') ? 1 : 0);
    });

    it.each(Object.entries(ENDS))('M-8: changes nothing when %s', async (_what, end) => {
      const { thief, owner } = await twice();
      const { email, password } = thief;
      const wanted = freshAddress();
      const params: (() => Promise<TestReply>)[] = [
        () => thief.post('/auth/password/change', { currentPassword: password, newPassword: NEW_PASSWORD }),
        () => thief.post('/auth/email/change', { email: wanted, password }),
        () => thief.request('DELETE', '/auth/me', { password }),
        () => thief.post('/auth/factors/totp', { password }),
      ];
      const [replies] = await heldBack(
        database(),
        'LOCK TABLE coatcheck.lockouts IN ACCESS EXCLUSIVE MODE',
        () => Promise.all(params.map((params) => params())),
        () => expected(204, end(owner, admin)),
        params.length,
      );
      expect(replies.map(told)).toEqual(params.map(() => ENDED));
      expect(await app.mails(wanted)).toEqual([]);
      const again = await app.client().post('/auth/login', { email, password });
      expect([again.status, again.body.status]).toEqual([200, 'authenticated']);
    });

    it.each(LOCKING)('M-8: deletes no user, by a password or a step-up, when before it %s', async (what) => {
      for (const hasPassword of [true, false]) {
        const { thief, owner } = await twice();
        const { email, password } = thief;
        app.clock.advance(1);
        const ticket = hasPassword ? thief : await steppedUp(thief);
        const [ended, refused] = await inTurn(
          database(),
          owner.userId,
          () => ENDS[what]!(owner, admin),
          () => ticket.request('DELETE', '/auth/me', hasPassword ? { password } : undefined),
        );
        expect([ended.status, told(refused)]).toEqual([204, ENDED]);
        expect((await app.client().post('/auth/login', { email, password })).status).toBe(200);
      }
    });

    const steppedUp = async (user: TestUser) => {
      const { accessToken } = await expected(200, user.post('/auth/step-up', { password: user.password }));
      return accessToken ? app.client({ authorization: `Bearer ${accessToken}` }) : user;
    };

    it('M-8: renews no session whose factors are changed while everything is revoked', async () => {
      const { user } = await protectedUser(app, { transport: 'body' });
      const [reply] = await heldBack(
        database(),
        `SELECT 1 FROM coatcheck.users WHERE id = '${user.userId}' FOR UPDATE`,
        () => user.post('/auth/factors/recovery-codes', {}),
        () => expected(204, admin.post('/admin/revoke-all', {})),
      );
      expect(told(reply)).toBe(ENDED);
      expect((await user.get('/auth/me')).status).toBe(401);
      expect(await liveOf(user.userId)).toBe(0);
    });

    const liveOf = async (userId: string) => {
      const boss = await app.logIn({ transport: 'body', changes: { roles: ['admin'] } });
      return (await boss.get(`/admin/users/${userId}/sessions`)).body.sessions.length;
    };
  });
});
