import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { type RefreshFamily, rotated } from '../../src/stores/memcached/refresh-family.js';
import { fromJson, toJson } from '../../src/stores/memcached/session-json.js';
import { fixedPartOf, readSession } from '../../src/stores/redis/session-hash.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { sessionRecord } from '../../src/testing/session-record.js';
import { banEndOf, isBanned, toAuthUser, type UserRecord } from '../../src/users/user.store.js';
import { DocumentedRoutes } from '../flows/documented-client.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { isInstalled, sharedServer } from '../servers-of-this-run.js';

const CLOSED = expect.objectContaining({ code: 'internal_error' });
const codeOf = ({ status, body }: TestReply) => (body?.code ? `${status} ${body.code}` : String(status));
const UNREADABLE = [undefined, 'soon', new Date(Number.NaN), 0];

describe('an instant that the table has and no reader understands', () => {
  let app: AuthTestApp;
  let user: TestUser;
  const run = (sql: string, values: unknown[]) =>
    app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
  beforeAll(async () => {
    app = unbound(await bootWithMadeUsers({ authStrategies: ['session', 'api-key'], sessionViewSize: 0 }));
  });
  beforeEach(async () => {
    user = await app.logIn();
  });
  afterAll(() => app.close());

  it.each(['idle_expires_at', 'absolute_expires_at', 'ended_at', 'created_at', 'authenticated_at', 'last_seen_at'])(
    'closes its session: %s',
    async (column) => {
      expect(codeOf(await user.get('/auth/me'))).toBe('200');
      await run(`UPDATE coatcheck.sessions SET ${column} = 'infinity' WHERE id = $1`, [user.sessionId]);
      expect(codeOf(await user.get('/auth/me'))).toBe('500 internal_error');
    },
  );

  it.each(['banned_at', 'banned_until', 'created_at', 'email_verified_at'])(
    "closes its user's sessions, and lets them not log in: %s",
    async (column) => {
      await run(`UPDATE coatcheck.users SET banned_at = '2020-01-01', ${column} = 'infinity' WHERE id = $1`, [
        user.userId,
      ]).catch(() => run(`UPDATE coatcheck.users SET ${column} = 'infinity' WHERE id = $1`, [user.userId]));
      expect(codeOf(await user.get('/auth/me'))).toBe('500 internal_error');
      const { email, password } = user;
      expect(codeOf(await app.client().post('/auth/login', { email, password }))).toBe('500 internal_error');
    },
  );

  it.each([
    ['sessions', 'idle_expires_at', 'sessionId'],
    ['users', 'banned_at', 'userId'],
  ] as const)('closes no other session that is looked up together with it: %s.%s', async (table, column, id) => {
    const others = await Promise.all(Array.from({ length: 6 }, () => app.logIn()));
    await run(`UPDATE coatcheck.${table} SET ${column} = 'infinity' WHERE id = $1`, [user[id]]);
    for (let round = 0; round < 10; round++) {
      const requested = [...others, user, ...others];
      const codes = (await Promise.all(requested.map((one) => one.get('/auth/me')))).map(codeOf);
      expect(codes).toEqual(requested.map((one) => (one === user ? '500 internal_error' : '200')));
    }
  });

  it.each(['revoked_at', 'expires_at', 'created_at'])('closes its key: %s', async (column) => {
    const { body } = await user.post('/auth/api-keys', { name: 'x', scopes: ['example:read'] });
    await run(`UPDATE coatcheck.api_keys SET ${column} = 'infinity' WHERE id = $1`, [body.id]);
    const reply = await app.client().get('/example/scoped', { 'x-api-key': body.apiKey });
    expect(codeOf(reply)).toBe('500 internal_error');
  });
});

describe('a record whose instants cannot be read', () => {
  const user: UserRecord = {
    id: randomUUID(),
    kind: 'person',
    email: 'ada@example.com',
    emailVerifiedAt: null,
    firstVerifiedAt: null,
    name: null,
    roles: [],
    createdAt: new Date(),
    bannedAt: null,
    bannedUntil: null,
    banReason: null,
    revision: 1,
    sessionEpoch: 1,
    exceptSessionId: null,
    exceptSessionEpoch: null,
  };
  const withOdd = (field: string, value: unknown) => ({ ...user, [field]: value }) as UserRecord;

  it.each(UNREADABLE)('is of a user who is neither banned nor free: %p', (odd) => {
    for (const field of ['bannedAt', 'bannedUntil', 'createdAt']) {
      expect(() => banEndOf(withOdd(field, odd))).toThrow(CLOSED);
      expect(() => isBanned(withOdd(field, odd), new Date())).toThrow(CLOSED);
    }
    for (const field of ['emailVerifiedAt', 'createdAt']) expect(() => toAuthUser(withOdd(field, odd))).toThrow(CLOSED);
  });

  it('is of no user whose instants were all read as null: the one that never is null tells', () => {
    expect(() => isBanned(withOdd('createdAt', null), new Date())).toThrow(CLOSED);
    expect(isBanned(user, new Date())).toBe(false);
  });

  const session = sessionRecord({ userId: user.id }, new Date());
  const json = toJson(session, 'mark');

  it.each(['createdAt', 'authenticatedAt', 'lastSeenAt', 'idleExpiresAt', 'absoluteExpiresAt', 'endedAt'] as const)(
    'is of no session in Memcached: %s',
    (field) => {
      expect(fromJson(json)[field]).toEqual(session[field]);
      for (const odd of [undefined, '', 'soon', 12, {}])
        expect(() => fromJson({ ...json, [field]: odd as string })).toThrow(CLOSED);
    },
  );

  it('is of no session in Redis', () => {
    const good = [fixedPartOf(session), '1', '2', null, null, 'mark', '7'];
    expect(readSession(good)?.record).toMatchObject({
      lastSeenAt: new Date(1),
      idleExpiresAt: new Date(2),
      endedAt: null,
    });
    expect(readSession(good.map(() => null))).toBeNull();
    for (const [place, odd] of [
      [0, null],
      [0, fixedPartOf(session).replace(/"absoluteExpiresAt":"[^"]*"/, '"absoluteExpiresAt":null')],
      [0, fixedPartOf(session).replace('"absoluteExpiresAt"', '"absolute"')],
      [1, null],
      [1, 'soon'],
      [2, null],
      [2, ''],
      [2, 'NaN'],
      [3, ''],
      [3, 'soon'],
    ] as const)
      expect(() => readSession(good.map((value, i) => (i === place ? odd : value)))).toThrow(CLOSED);
  });

  it('is of no refresh token in Memcached', () => {
    const successor = { tokenHash: 'next', expiresAt: new Date(9e12) };
    const rotation = { sessionId: session.id, tokenHash: 'hash', successor, now: new Date(), graceSeconds: 10 };
    for (const token of [
      { consumed: null },
      { expires: null, consumed: null },
      { expires: 9e12 },
      { expires: 9e12, consumed: 'x' },
    ]) {
      const family = { lifeSeconds: 1, tokens: { hash: token } } as unknown as RefreshFamily;
      expect(() => rotated(family, rotation as never)).toThrow(CLOSED);
    }
  });
});

const onRedis = isInstalled('redis-server') ? describe : describe.skip;
if (!isInstalled('redis-server')) console.warn('SKIPPED: damaged records in Redis need redis-server.');
onRedis('a damaged record in Redis', () => {
  it('closes its session and its refresh token until it is whole again', async () => {
    const { url } = await sharedServer('redis');
    const redis = await createClient({ url }).connect();
    const app = unbound(await bootWithMadeUsers({ sessionStore: 'redis', redisUrl: url, sessionViewSize: 0 }));
    try {
      const user = await app.logIn({ strategy: 'session' });
      const key = `coatcheck:{${user.sessionId}}:session`;
      const whole = await redis.hGetAll(key);
      for (const damage of [{ idle: 'soon' }, { seen: '' }, { idle: null }, { ended: '' }, { fixed: null }]) {
        const [[field, value]] = Object.entries(damage) as [[string, string | null]];
        if (value === null) await redis.hDel(key, field);
        else await redis.hSet(key, field, value);
        expect([damage, codeOf(await user.get('/auth/me'))]).toEqual([damage, '500 internal_error']);
        await redis.hDel(key, 'ended');
        await redis.hSet(key, whole);
        expect(codeOf(await user.get('/auth/me'))).toBe('200');
      }
      const ada = await app.logIn({ strategy: 'jwt', transport: 'body' });
      const [tokens] = (await redis.keys(`*${ada.sessionId}*`)).filter((name) => name.endsWith(':refresh'));
      for (const hash of Object.keys(await redis.hGetAll(tokens!))) await redis.hSet(tokens!, hash, 'never 0');
      const reply = await app.client().post('/auth/refresh', { refreshToken: ada.refreshToken });
      expect([500, 503]).toContain(reply.status);
    } finally {
      redis.destroy();
      await app.close();
    }
  });
});

/** No document promises a 500. */
function unbound(app: AuthTestApp): AuthTestApp {
  return Object.assign(app, { routes: DocumentedRoutes.none });
}
