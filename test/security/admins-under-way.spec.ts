import type { DataSource, QueryRunner } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Machines } from '../lab/races/machines.js';
import { heldBack, inTurn, inTurnBehind } from './held-back.js';
import { expected, freshAddress, SCOPE } from './holder.js';

const PASSWORD = 'an engine weaves algebra';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

/** Whom an admin acts on. */
interface Targets {
  readonly userId: string;
  readonly serviceId: string;
  readonly email: string;
  readonly keyId: string;
  readonly nameId: string;
  readonly sessionId: string;
}

/** What an admin may do that lives on: with each, what would tell that it was done. */
const ACTS: Record<string, (admin: TestUser, on: Targets) => Promise<TestReply>> = {
  'gives a role': (admin, { userId }) => admin.request('PUT', `/admin/users/${userId}/roles`, { roles: ['admin'] }),
  'makes an admin': (admin, { email }) => {
    return admin.post('/admin/users', { email, password: PASSWORD, emailVerified: true, roles: ['admin'] });
  },
  'invites an admin': (admin, { email }) => admin.post('/admin/users', { email, roles: ['admin'] }),
  'imports an admin': (admin, { email }) => admin.post('/admin/import', { users: [{ email, roles: ['admin'] }] }),
  'makes a service user': (admin) => {
    return admin.post('/admin/users', { kind: 'service', name: 'nightly import', roles: ['clerk'] });
  },
  'makes a key of a service': (admin, { serviceId }) => {
    return admin.post(`/admin/users/${serviceId}/api-keys`, { name: 'a key', scopes: [SCOPE] });
  },
  'lets a certificate be a service': (admin, { serviceId }) => {
    const name = { anchor: 'machines', kind: 'subject', value: Machines.SUBJECT, scopes: [SCOPE] };
    return admin.post(`/admin/users/${serviceId}/certificate-names`, name);
  },
  'moves a user': (admin, { userId, email }) => admin.request('PATCH', `/admin/users/${userId}`, { email }),
  'removes factors': (admin, { userId }) => admin.post(`/admin/users/${userId}/factor-reset`),
  'mails a link to a new password': (admin, { userId }) => admin.post(`/admin/users/${userId}/password-reset`),
  'verifies an address': (admin, { userId }) => {
    return admin.request('PATCH', `/admin/users/${userId}`, { emailVerified: true });
  },
  'takes a key away': (admin, { serviceId, keyId }) => admin.delete(`/admin/users/${serviceId}/api-keys/${keyId}`),
  'takes a name in certificates away': (admin, { serviceId, nameId }) => {
    return admin.delete(`/admin/users/${serviceId}/certificate-names/${nameId}`);
  },
  'revokes a certificate': (admin, { serviceId }) => {
    const certificate = { anchor: 'machines', issuer: 'CN=An authority', serialNumber: '2a' };
    return admin.post(`/admin/users/${serviceId}/certificates/revoke`, certificate);
  },
  'logs a user out': (admin, { userId }) => admin.post(`/admin/users/${userId}/logout`),
  'ends a session': (admin, { sessionId }) => admin.delete(`/admin/sessions/${sessionId}`),
  'has a webhook tried again': (admin) => admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' }),
  'has a client told again': (admin) => admin.post('/admin/logout-notices/revive', { clientId: 'reports' }),
  'bans a user': (admin, { userId }) => admin.post(`/admin/users/${userId}/ban`, {}),
  'revokes everything': (admin) => admin.post('/admin/revoke-all', {}),
};

overStores((sessionStore) => {
  describe('what an admin has asked for', () => {
    let app: AuthTestApp;
    let machines: Machines;
    let boss: TestUser;
    let thief: TestUser;
    let admin: TestUser;
    let user: TestUser;
    let targets: Targets;
    beforeAll(async () => {
      machines = await Machines.make();
      const strategies = { authStrategies: ['session', 'api-key', 'mtls', 'oauth'], apiKeyScopes: [SCOPE] };
      const pages = { oauthInteractionUrl: 'https://app.example.com/sign-in', oauthRs256: false };
      app = await bootWithMadeUsers({ ...strategies, ...pages, ...machines.trusted, sessionStore });
    });
    beforeEach(async () => {
      boss = await app.logIn({ changes: { roles: ['admin'] } });
      user = await app.logIn();
      const { userId, sessionId } = user;
      await database().query('UPDATE coatcheck.users SET email_verified_at = NULL WHERE id = $1', [userId]);
      const { id: serviceId } = await expected(201, boss.post('/admin/users', { kind: 'service', name: 'a machine' }));
      thief = await app.logIn({ changes: { roles: ['admin'] } });
      admin = await app.logInAgain(thief);
      const key = await expected(
        201,
        boss.post(`/admin/users/${serviceId}/api-keys`, { name: 'a first key', scopes: [SCOPE] }),
      );
      const name = { anchor: 'machines', kind: 'dns', value: `${serviceId}.example.com`, scopes: [SCOPE] };
      const { id: nameId } = await expected(201, boss.post(`/admin/users/${serviceId}/certificate-names`, name));
      targets = { userId, serviceId, email: freshAddress(), keyId: key.id, nameId, sessionId };
      await database().query(
        `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, dead_at)
         SELECT id, 'siem', 10, now(), now(), now() FROM coatcheck.audit_events LIMIT 1 ON CONFLICT (event_id, destination) DO UPDATE SET dead_at = now()`,
      );
      await database().query(
        `INSERT INTO coatcheck.oauth_logout_jobs (session_id, client_id, user_id, sid, ended_at, attempts, due_at, claimed_until, dead_at)
         VALUES ($1, 'reports', $2, 'a sid', now(), 10, now(), now(), now())`,
        [sessionId, userId],
      );
    });
    afterAll(async () => {
      await app.close();
      machines.remove();
    });

    const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const users = () => app.app.get<UserStore>(UserStore, { strict: false });
    /** What lives on. */
    const made = async () => {
      const { userId, serviceId, email } = targets;
      const counts = await database().query(
        `SELECT (SELECT count(*)::int FROM coatcheck.api_keys WHERE user_id = $1 AND revoked_at IS NULL) AS keys,
                (SELECT count(*)::int FROM coatcheck.certificates WHERE user_id = $1) AS certificates,
                (SELECT epoch FROM coatcheck.global_session_epoch) AS epoch,
                (SELECT count(*)::int FROM coatcheck.audit_outbox WHERE dead_at IS NOT NULL) AS dead,
                (SELECT count(*)::int FROM coatcheck.oauth_logout_jobs WHERE dead_at IS NOT NULL) AS untold,
                (SELECT count(*)::int FROM coatcheck.certificate_names WHERE user_id = $1) AS names,
                (SELECT count(*)::int FROM coatcheck.users WHERE kind = 'service') AS services`,
        [serviceId],
      );
      const record = (await users().find(userId))!;
      const mails = (await app.mails(record.email!)).length;
      const { status } = await user.get('/auth/me');
      return { ...counts[0], user: record, status, mails, other: await users().findByEmail(email) };
    };

    describe.each(Object.entries(ACTS))('%s', (_name, act) => {
      it('is not done behind the end of all sessions of the admin, and is done by an admin who is logged in', async () => {
        const before = await made();
        const logOut = () => admin.post('/auth/logout-all', {});
        const [ended, reply] = await inTurn(database(), thief.userId, logOut, () => act(thief, targets));
        expect([told(ended), told(reply)]).toEqual([204, '401 session_ended']);
        expect(await made()).toEqual(before);
        // By the same targets, or nothing has been shown.
        expect((await act(boss, targets)).status).toBeLessThan(300);
        expect(await made()).not.toEqual(before);
      });
    });

    const lock = () => `SELECT 1 FROM coatcheck.users WHERE id = '${thief.userId}' FOR UPDATE`;
    const makesAnAdmin = () => ACTS['makes an admin']!(thief, targets);

    const endsThatSession = () => admin.delete(`/auth/sessions/${thief.sessionId}`);
    const endings: [string, () => Promise<TestReply>][] = [
      ['that session', endsThatSession],
      ['everything', () => boss.post('/admin/revoke-all', {})],
    ];
    // Elsewhere the end of that session waits for whatever has locked its user.
    const acknowledgedAtOnce = endings.slice(sessionStore === 'postgres' ? 0 : 1);
    it.each(acknowledgedAtOnce)('is not done once the end of %s was acknowledged', async (_what, end) => {
      const [reply] = await heldBack(database(), lock(), makesAnAdmin, () => expected(204, end()));
      expect(told(reply)).toBe('401 session_ended');
      expect(await users().findByEmail(targets.email)).toBe(null);
    });

    if (sessionStore !== 'postgres') {
      it('is not done when it looks after that session has ended, and before that is acknowledged', async () => {
        const [reply, ended] = await inTurnBehind(database(), lock(), makesAnAdmin, endsThatSession);
        expect([told(reply), told(ended)]).toEqual(['401 session_ended', 204]);
        expect(await users().findByEmail(targets.email)).toBe(null);
      });
    }

    const rows: [string, () => string][] = [
      ['everything', () => 'UPDATE coatcheck.global_session_epoch SET epoch = epoch + 1'],
      [
        'that session',
        () => `UPDATE coatcheck.sessions SET ended_at = now(), end_reason = 'logout' WHERE id = '${thief.sessionId}'`,
      ],
    ];
    it.each(rows.slice(0, sessionStore === 'postgres' ? 2 : 1))(
      'is not done when it waited for the row that says that %s has ended',
      async (_what, end) => {
        await expected(200, thief.get('/auth/me'));
        const before = await made();
        const [reply] = await heldBack(
          database(),
          end(),
          () => ACTS['gives a role']!(thief, targets),
          async () => {},
        );
        expect(told(reply)).toBe('401 session_ended');
        const { epoch } = before;
        expect({ ...(await made()), epoch }).toEqual(before);
      },
    );

    it('is done, or not, by the time that the end of that session is acknowledged', async () => {
      // Its look at the session is over then, and nothing is committed.
      const everyone = 'SELECT FROM coatcheck.global_session_epoch FOR UPDATE';
      const ends = async () => {
        const ended = await endsThatSession();
        return { ended, roles: (await users().find(targets.userId))!.roles };
      };
      const givesARole = () => ACTS['gives a role']!(thief, targets);
      const [reply, { ended, roles }] = await inTurnBehind(database(), everyone, givesARole, ends);
      expect([told(reply), told(ended), roles]).toEqual([200, 204, ['admin']]);
      expect((await thief.get('/auth/me')).status).toBe(401);
    });

    it('is not done behind the loss of the role', async () => {
      const demote = () => boss.request('PUT', `/admin/users/${thief.userId}/roles`, { roles: [] });
      const [, reply] = await inTurn(database(), thief.userId, demote, makesAnAdmin);
      expect(told(reply)).toBe('403 forbidden');
      expect(await users().findByEmail(targets.email)).toBe(null);
    });

    it('begins no session in which the admin acts as a user, once the end of all sessions was acknowledged', async () => {
      const acts = () => thief.post(`/admin/users/${targets.userId}/impersonate`, {});
      // From now on the guard knows the session by itself.
      await expected(200, thief.get('/auth/me'));
      // As a logout does it, before any node has heard of it.
      const end = (holder: QueryRunner) =>
        holder.query('UPDATE coatcheck.users SET session_epoch = session_epoch + 1 WHERE id = $1', [thief.userId]);
      const [reply] = await heldBack(database(), 'LOCK TABLE coatcheck.users IN ACCESS EXCLUSIVE MODE', acts, end);
      expect(told(reply)).toBe('401 session_ended');
    });

    it('is done by two admins who act on each other, in turn', async () => {
      const reset = (by: TestUser, of: TestUser) => by.post(`/admin/users/${of.userId}/factor-reset`);
      const replies = await Promise.all(
        Array.from({ length: 6 }, (_, i) => (i % 2 ? reset(boss, thief) : reset(thief, boss))),
      );
      for (const reply of replies) expect([204, '401 session_ended']).toContain(told(reply));
      expect(replies.some(({ status }) => status === 204)).toBe(true);
    });
  });
});
