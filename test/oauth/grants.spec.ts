import { randomUUID } from 'node:crypto';
import { Options } from '../../src/config/options.js';
import { sessionOptions } from '../../src/sessions/session-options.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores, PUSHING_STORES, STORES } from '../flows/combinations.js';
import { StoreCalls, UNDISTURBED } from '../flows/counting-providers.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Granting } from './granting.js';

const HOUR = 3600;

overStores(
  (store) => {
    const calls = new StoreCalls();
    let app: AuthTestApp;
    let on: Granting;
    let clientId: string;
    beforeAll(async () => {
      app = await bootWithMadeUsers(
        { authStrategies: ['session'], sessionStore: store, ...UNDISTURBED },
        calls.providers,
      );
      calls.watch(app);
      on = new Granting(app);
      clientId = await on.client();
    });
    afterAll(() => app.close());

    it('says who granted what to whom', async () => {
      const user = await app.logIn();
      const id = await on.grant(user, clientId);
      const found = await on.grants.judge(id);
      expect(found).toMatchObject({ id, clientId, sessionId: await on.sessionOf(user), user: { id: user.userId } });
      expect(found?.client).toMatchObject({ id: clientId, name: 'Reports' });
      expect(found?.payload).toEqual({
        openid: { scope: 'openid profile' },
        resources: { 'https://api.example.com': 'read write' },
      });
      expect(Object.isFrozen(found) && Object.isFrozen(found?.payload) && Object.isFrozen(found?.user)).toBe(true);
      expect((await on.row(id)).expires_at).toEqual((await on.grants.judge(id))?.expiresAt);
    });

    // A store without a feed cannot push, and is asked at every request.
    if (PUSHING_STORES.includes(store))
      it('asks no store in steady state, and answers without a promise', async () => {
        const user = await app.logIn();
        const ids = [await on.grant(user, clientId), await on.grant(user, clientId, 'offline')];
        for (const id of ids) await on.grants.judge(id);
        const before = { ...on.grants.tally };
        const made = await calls.during(async () => {
          for (let i = 0; i < 30; i += 1) for (const id of ids) expect(on.grants.judge(id)).toMatchObject({ id });
        });
        expect(made).toBe(0);
        expect(on.grants.tally).toEqual({ judged: before.judged + 60, fromView: before.fromView + 60 });
        expect(on.grants.inView).toBeGreaterThanOrEqual(2);
      });

    it.each(['', 'x', '\0', randomUUID(), 'A'.repeat(10_000)])('knows no grant %#', async (id) => {
      expect(await on.grants.judge(id)).toBeNull();
    });

    it('is over with its session, however that ends; offline ones go on', async () => {
      const user = await app.logIn();
      const [bound, offline] = [await on.grant(user, clientId), await on.grant(user, clientId, 'offline')];
      expect([await on.isGood(bound), await on.isGood(offline)]).toEqual([true, true]);
      expect((await user.post('/auth/logout')).status).toBe(204);
      expect([await on.isGood(bound), await on.isGood(offline)]).toEqual([false, true]);
    });

    it('is over when its session has expired by rest, and keeps it from that while it is used', async () => {
      const user = await app.logIn();
      const [used, unused] = [await on.grant(user, clientId), await on.grant(await app.logIn(), clientId)];
      const idle = 0.6 * app.app.get(Options, { strict: false }).of(sessionOptions).sessionIdleSeconds;
      expect(await on.isGood(unused)).toBe(true);
      for (let i = 0; i < 2; i += 1) {
        app.clock.advance(idle);
        expect(await on.isGood(used)).toBe(true);
      }
      expect(await on.isGood(unused)).toBe(false);
      expect((await user.get('/auth/me')).status).toBe(200);
    });

    it('expires, whatever its session does', async () => {
      const user = await app.logIn();
      const expiresAt = app.clock.in(HOUR);
      const ids = [
        await on.grant(user, clientId, 'session', { expiresAt }),
        await on.grant(user, clientId, 'offline', { expiresAt }),
      ];
      app.clock.advance(HOUR - 1);
      for (const id of ids) expect(await on.isGood(id)).toBe(true);
      app.clock.advance(1);
      for (const id of ids) expect(await on.isGood(id)).toBe(false);
    });

    it('is over when it is ended, once, by its own user only', async () => {
      const [user, other] = [await app.logIn(), await app.logIn()];
      const id = await on.grant(user, clientId);
      expect(await on.grants.endOwn(other.userId, id, 'user')).toBe(false);
      expect(await on.isGood(id)).toBe(true);
      const ends = await Promise.all(Array.from({ length: 5 }, () => on.grants.endOwn(user.userId, id, 'user')));
      expect(ends.filter(Boolean)).toHaveLength(1);
      expect(await on.isGood(id)).toBe(false);
      expect(await on.row(id)).toMatchObject({ end_reason: 'user' });
    });

    it('is over while its client is disabled, or gone', async () => {
      const [user, client] = [await app.logIn(), await on.client()];
      const id = await on.grant(user, client, 'offline');
      expect(await on.isGood(id)).toBe(true);
      await on.disable(client);
      expect(await on.isGood(id)).toBe(false);
      const orphan = await on.grant(user, 'no-such-client', 'offline');
      expect(await on.isGood(orphan)).toBe(false);
    });

    it('is over when its user is banned, deleted, or everyone is logged out', async () => {
      const admin = await app.logIn({ changes: { roles: ['admin'] } });
      for (const [method, path] of [
        ['POST', '/ban'],
        ['DELETE', ''],
      ] as const) {
        const user = await app.logIn();
        const ids = [await on.grant(user, clientId), await on.grant(user, clientId, 'offline')];
        for (const id of ids) expect(await on.isGood(id)).toBe(true);
        expect(
          (await admin.request(method, `/admin/users/${user.userId}${path}`, method === 'POST' ? {} : undefined))
            .status,
        ).toBe(204);
        for (const id of ids) expect(await on.isGood(id)).toBe(false);
        if (method === 'POST') {
          expect((await admin.post(`/admin/users/${user.userId}/unban`)).status).toBe(204);
          for (const id of ids) expect(await on.isGood(id)).toBe(false);
        } else for (const id of ids) expect(await on.row(id)).toBeUndefined();
      }
      const user = await app.logIn();
      const ids = [await on.grant(user, clientId), await on.grant(user, clientId, 'offline')];
      for (const id of ids) expect(await on.isGood(id)).toBe(true);
      expect((await admin.post('/admin/revoke-all', {})).status).toBe(204);
      for (const id of ids) expect(await on.isGood(id)).toBe(false);
    });

    it('is not created in a session that is over or another user’s, nor for a user who was logged out or banned meanwhile', async () => {
      const [user, other] = [await app.logIn(), await app.logIn()];
      const [sessionId, otherSession, owner] = [
        await on.sessionOf(user),
        await on.sessionOf(other),
        await on.owner(user),
      ];
      const create = (more: object) => on.grants.create({ clientId, user: owner, sessionId, payload: {}, ...more });
      expect(await create({})).not.toBeNull();
      expect(await create({ sessionId: otherSession })).toBeNull();
      expect(await create({ sessionId: randomUUID() })).toBeNull();
      expect(await create({ user: { ...owner, sessionEpoch: owner.sessionEpoch - 1 } })).toBeNull();
      expect(await create({ sessionId: null, user: { ...owner, sessionEpoch: owner.sessionEpoch + 1 } })).toBeNull();
      expect(await create({ sessionId: null, user: { id: randomUUID(), sessionEpoch: 1 } })).toBeNull();
      await user.post('/auth/logout');
      expect(await create({})).toBeNull();
      await app.app.get(UserStore, { strict: false }).update(user.userId, { bannedAt: app.clock.now() });
      expect(await create({ sessionId: null })).toBeNull();
      const [{ count }] = await on.database.query(
        'SELECT count(*)::integer AS count FROM coatcheck.oauth_grants WHERE user_id = $1',
        [user.userId],
      );
      expect(count).toBe(1);
    });

    it('holds nothing that no store could keep', async () => {
      const user = await app.logIn();
      const owner = await on.owner(user);
      for (const payload of [{ a: '\0' }, { a: 'x'.repeat(70_000) }]) {
        await expect(on.grants.create({ clientId, user: owner, sessionId: null, payload })).rejects.toMatchObject({
          code: 'validation_failed',
        });
      }
    });

    it('ends the oldest of a client beyond a hundred', async () => {
      const user = await app.logIn();
      const first = await on.grant(user, clientId, 'offline');
      const elsewhere = await on.grant(user, await on.client(), 'offline');
      app.clock.advance(1);
      const second = await on.grant(user, clientId, 'offline');
      expect(await on.isGood(first)).toBe(true);
      app.clock.advance(1);
      for (let i = 0; i < 99; i += 1) await on.grant(user, clientId, 'offline');
      expect([await on.isGood(first), await on.isGood(second), await on.isGood(elsewhere)]).toEqual([
        false,
        true,
        true,
      ]);
      expect(await on.row(first)).toMatchObject({ end_reason: 'too_many_grants' });
    });

    it('is one of 2,000 of a user, of whichever clients: beyond, the oldest end, and their clients are told in the audit', async () => {
      const user = await app.logIn();
      const oldest = await on.grant(user, clientId, 'offline');
      app.clock.advance(1);
      const second = await on.grant(user, clientId, 'offline');
      app.clock.advance(1);
      const copy = (count: number) =>
        on.database.query(
          `INSERT INTO coatcheck.oauth_grants
           SELECT (jsonb_populate_record(kept, jsonb_build_object('id', gen_random_uuid(), 'client_id', 'made-up-' || n,
                    'created_at', $3::timestamptz))).*
             FROM coatcheck.oauth_grants AS kept, generate_series(1, $1::integer) n WHERE kept.id = $2`,
          [count, second, app.clock.now()],
        );
      await copy(1_997);
      const another = await on.client();
      await on.grant(user, another, 'offline');
      expect([await on.isGood(oldest), await on.isGood(second)]).toEqual([true, true]);
      const latest = await on.grant(user, another, 'offline');
      expect([await on.isGood(oldest), await on.isGood(second), await on.isGood(latest)]).toEqual([false, true, true]);
      expect(await on.row(oldest)).toMatchObject({ end_reason: 'too_many_grants' });
      const told = await on.database.query(
        `SELECT details->>'clientId' AS "clientId" FROM coatcheck.audit_events
          WHERE type = 'oauth.grant.revoked' AND details->>'grantId' = $1`,
        [oldest],
      );
      expect(told).toEqual([{ clientId }]);
    });

    it('holds what is saved anew, at once; an ended one is saved no more', async () => {
      const id = await on.grant(await app.logIn(), clientId);
      expect((await on.grants.judge(id))?.payload).toHaveProperty('openid');
      expect(await on.grants.save(id, { openid: { scope: 'openid email' } })).toBe(true);
      expect((await on.grants.judge(id))?.payload).toEqual({ openid: { scope: 'openid email' } });
      expect(await on.grants.save(id, { openid: { scope: 'openid email' } })).toBe(true);
      await on.grants.end(id, 'test');
      expect(await on.grants.save(id, {})).toBe(false);
      expect(await on.grants.save(randomUUID(), {})).toBe(false);
    });

    it('knows which of its tokens were revoked', async () => {
      const id = await on.grant(await app.logIn(), clientId);
      expect((await on.grants.judge(id))?.revokedJtis.size).toBe(0);
      const jtis = [randomUUID(), randomUUID()];
      for (const jti of [...jtis, jtis[0]!]) await on.grants.revokeToken(`grant:${id}`, jti, app.clock.in(300));
      expect((await on.grants.judge(id))?.revokedJtis.size).toBe(2);
      expect(await on.isGood(id)).toBe(true);
    });

    it('goes on in the session that takes the place of its own', async () => {
      const user = await app.logIn();
      const [id, before] = [await on.grant(user, clientId), await on.sessionOf(user)];
      const next = await app.logInAgain(user);
      const after = await on.sessionOf(next);
      expect(await on.isGood(id)).toBe(true);
      expect(await on.grants.move(before, after)).toBe(1);
      expect((await on.grants.judge(id))?.sessionId).toBe(after);
      await on.sessions.end(before, 'replaced');
      expect(await on.isGood(id)).toBe(true);
      await on.sessions.end(after, 'logout');
      expect(await on.isGood(id)).toBe(false);
    });

    it('notes its use, at most once an hour', async () => {
      const id = await on.grant(await app.logIn(), clientId, 'offline');
      const lastUsed = async () => {
        await on.grants.flush();
        return (await on.row(id)).last_used_at as Date | null;
      };
      expect(await lastUsed()).toBeNull();
      await on.grants.judge(id);
      const first = app.clock.now();
      expect(await lastUsed()).toEqual(first);
      app.clock.advance(HOUR - 1);
      await on.grants.judge(id);
      expect(await lastUsed()).toEqual(first);
      app.clock.advance(1);
      await on.grants.judge(id);
      expect(await lastUsed()).toEqual(app.clock.now());
    });
  },
  STORES.filter((store) => ['postgres', 'redis', 'memcached', 'memory'].includes(store)),
);
