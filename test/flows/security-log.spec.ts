import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { SecurityLog } from '../../src/audit/security-log.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { auditEventsOf, securityLogEventsOf } from '../../src/features.js';
import { SECURITY_LOG_KINDS } from '../../src/kernel/security-log.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootService } from './combinations.js';

const LOG = '/auth/me/log';
const ADMINS_BROWSER = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Entry {
  readonly id: string;
  readonly type: string;
  readonly kind: string;
  readonly byAdmin: boolean;
  readonly ip: string | null;
  readonly device: string | null;
  readonly details: object;
}

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootService({ authStrategies: ['session', 'api-key'] });
}, 60_000);
afterAll(() => app.close());

const query = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
const record = (event: Parameters<AuditSink['record']>[0]) => app.app.get(AuditSink, { strict: false }).record(event);

async function entriesOf(user: TestClient, search = ''): Promise<Entry[]> {
  const { status, body } = await user.get(`${LOG}${search}`);
  expect(status).toBe(200);
  return body.entries;
}

describe('the security log of a user', () => {
  it('has their own events, the newest first, with where they came from', async () => {
    const bob = await app.logIn();
    const ada = await app.logIn();
    app.clock.advance(1);
    await app.client().post('/auth/login', { email: ada.email, password: 'wrong' });
    app.clock.advance(1);
    const { body: key } = await ada.post('/auth/api-keys', { name: 'nightly', scopes: [] });
    const entries = await entriesOf(ada);
    // The clock stands still between the last two.
    expect(entries.slice(0, 2).map(({ type }) => type)).toEqual(['api_key.created', 'login.failed']);
    expect(
      entries
        .slice(2)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['email.verified', 'login.succeeded']);
    expect(entries[0]).toMatchObject({ kind: 'api_keys', details: { keyId: key.id }, byAdmin: false });
    expect(entries[1]).toMatchObject({ kind: 'sign_in', ip: '127.0.0.1', details: {} });
    expect(entries.filter(({ type }) => type === 'api_key.created')).not.toEqual(await entriesOf(bob));
    expect((await entriesOf(bob)).map(({ type }) => type).sort()).toEqual(['email.verified', 'login.succeeded']);
  });

  it('says that an admin did something, and not who, from where or why', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    admin.defaults['user-agent'] = ADMINS_BROWSER;
    const ada = await app.logIn();
    const reason = 'internal remark 4711';
    app.clock.advance(1);
    await admin.put(`/admin/users/${ada.userId}/roles`, { roles: ['staff'] });
    app.clock.advance(1);
    await admin.post(`/admin/users/${ada.userId}/ban`, { reason });
    app.clock.advance(1);
    await admin.post(`/admin/users/${ada.userId}/unban`);
    app.clock.advance(1);
    const acting = await admin.post(`/admin/users/${ada.userId}/impersonate`, { reason });
    expect(acting.status).toBe(200);
    // As the user, so that the audit names no admin; from where the admin is.
    expect((await admin.post('/auth/logout')).status).toBe(204);
    const again = await app.logInAgain(ada);
    const { text, body } = await again.get(LOG);
    const types = ['impersonation.started', 'user.unbanned', 'user.banned', 'user.roles_changed'];
    const done: Entry[] = body.entries.filter(({ type }: Entry) => types.includes(type));
    expect(done.map(({ type }) => type)).toEqual(types);
    for (const entry of done) expect(entry).toMatchObject({ byAdmin: true, ip: null, device: null, details: {} });
    const ended: Entry[] = body.entries.filter(({ type }: Entry) => type === 'logout');
    expect(ended).toMatchObject([{ ip: null, device: null }]);
    for (const secret of [admin.userId, admin.email, reason, ADMINS_BROWSER, 'Firefox on macOS'])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });

  it('shows only what a feature has declared: no other type, detail or internal reason', async () => {
    const ada = await app.logIn();
    const of = { userId: ada.userId, reason: 'internal 4712', inner: 'internal 4713' };
    await record({ type: 'limit.exceeded', ...of });
    await record({ type: 'app.own_thing', ...of });
    app.clock.advance(1);
    await record({ type: 'recovery_code.used', left: 4, ...of });
    const { text, body } = await ada.get(LOG);
    expect(body.entries[0]).toMatchObject({ type: 'recovery_code.used', details: { left: 4 } });
    expect(body.entries.map(({ type }: Entry) => type)).not.toContain('limit.exceeded');
    for (const hidden of ['4712', '4713', 'own_thing'])
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
  });

  it('can be read by kind', async () => {
    const ada = await app.logIn();
    await ada.post('/auth/api-keys', { name: 'nightly', scopes: [] });
    const byKind = await Promise.all(
      SECURITY_LOG_KINDS.map(async (kind) => [kind, (await entriesOf(ada, `?kind=${kind}`)).map(({ type }) => type)]),
    );
    expect(Object.fromEntries(byKind)).toEqual({
      sign_in: ['login.succeeded'],
      credentials: [],
      api_keys: ['api_key.created'],
      account: ['email.verified'],
    });
    for (const search of ['?kind=everything', '?kind=', '?kind[]=sign_in', '?cursor=nonsense', '?limit=0']) {
      const { status, body } = await ada.get(`${LOG}${search}`);
      expect([search, status, body.code]).toEqual([search, 400, 'validation_failed']);
    }
  });

  it('is read page by page: each entry once, also while new ones come', async () => {
    const ada = await app.logIn();
    for (let i = 0; i < 25; i += 1) {
      app.clock.advance(1);
      await record({ type: i % 2 === 0 ? 'step_up.succeeded' : 'limit.exceeded', userId: ada.userId });
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(20);
      const { body } = await ada.get(`${LOG}?limit=4${cursor && `&cursor=${cursor}`}`);
      expect(body.entries.length).toBeLessThanOrEqual(4);
      seen.push(...body.entries.map(({ id }: Entry) => id));
      cursor = body.nextCursor;
      await record({ type: 'step_up.failed', userId: ada.userId });
    }
    expect(seen).toHaveLength(13 + 2);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('is of the user alone: a cursor of another user opens nothing', async () => {
    const [ada, bob] = [await app.logIn(), await app.logIn()];
    await record({ type: 'step_up.succeeded', userId: bob.userId });
    const { body } = await bob.get(`${LOG}?limit=1`);
    const ids = (await entriesOf(bob)).map(({ id }) => id);
    const { body: foreign } = await ada.get(`${LOG}?cursor=${body.nextCursor}`);
    expect(foreign.entries.filter(({ id }: Entry) => ids.includes(id))).toEqual([]);
  });
});

it('users are shown only events that exist, each once', () => {
  const declared = auditEventsOf();
  const shown = [...securityLogEventsOf().keys()];
  expect(shown.length).toBeGreaterThan(30);
  expect(shown.filter((type) => !declared.has(type))).toEqual([]);
  const again = { name: 'again', securityLog: { 'login.failed': { kind: 'sign_in' } } } as const;
  expect(() => securityLogEventsOf({ features: [again] })).toThrow(
    'again declares the event of the security log login.failed',
  );
});

describe('at a year of audit', () => {
  const ada = randomUUID();
  const NOISE = 20_000;
  beforeAll(async () => {
    const day = 86_400_000;
    const now = app.clock.now().getTime();
    const insert = (rows: { id: string; userId: string; type: string }[]) =>
      query(
        `INSERT INTO coatcheck.audit_events (id, at, type, user_id, details)
           SELECT id, now(), type, user_id, '{}' FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS e (id, user_id, type)`,
        [rows.map(({ id }) => id), rows.map(({ userId }) => userId), rows.map(({ type }) => type)],
      );
    const at = (i: number, all: number) => uuidv7({ msecs: now - Math.floor((i / all) * 365 * day) });
    for (let start = 0; start < 200_000; start += 20_000) {
      const others = Array.from({ length: 20_000 }, (_, i) => start + i);
      const users = Array.from({ length: 500 }, () => randomUUID());
      await insert(others.map((i) => ({ id: at(i, 200_000), userId: users[i % 500]!, type: 'login.succeeded' })));
    }
    // Of one user, who is attacked: many of no kind that is asked for, and one key from the beginning.
    const own = Array.from({ length: NOISE }, (_, i) => ({ id: at(i, NOISE), userId: ada, type: 'login.failed' }));
    await insert([...own, { id: at(NOISE + 1, NOISE), userId: ada, type: 'api_key.created' }]);
  }, 120_000);

  it.each(['before the table is analysed', 'afterwards'])(
    'a page looks at no more than a few thousand rows, by the index of the user, however rare its kind is: %s',
    async (when) => {
      if (when === 'afterwards') await query('ANALYZE coatcheck.audit_events');
      const { page, plans } = await explained(() =>
        app.app.get(SecurityLog, { strict: false }).page(ada, { kind: 'api_keys', limit: 50 }),
      );
      expect([page.entries, page.next]).toEqual([[], expect.any(String)]);
      expect(plans.length).toBe(5);
      for (const plan of plans) {
        const nodes = nodesOf(plan);
        expect(nodes.map((node) => node['Index Name']).filter(Boolean)).toEqual(['audit_events_user_id_idx']);
        expect(nodes.filter((node) => node['Node Type'] === 'Sort')).toEqual([]);
        expect(Math.max(...nodes.map((node) => node['Actual Rows']))).toBeLessThanOrEqual(1000);
      }
    },
  );

  it('what is rare is found by going on, and the end is told', async () => {
    const log = app.app.get(SecurityLog, { strict: false });
    const found: string[] = [];
    let before: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await log.page(ada, { kind: 'api_keys', before, limit: 50 });
      found.push(...page.entries.map(({ type }) => type));
      if (page.next === null) break;
      before = page.next;
    }
    expect(found).toEqual(['api_key.created']);
  });
});

/** The page, and the plan of each of its statements in the transaction, and with the settings, that it is asked in. */
async function explained<T>(ask: () => Promise<T>): Promise<{ page: T; plans: object[] }> {
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const plans: object[] = [];
  const runner = dataSource.createQueryRunner.bind(dataSource);
  const spy = jest.spyOn(dataSource, 'createQueryRunner').mockImplementation((...args) => {
    const made = runner(...args);
    const run = made.query.bind(made);
    made.query = async (text: string, values?: unknown[]) => {
      if (/^\s*SELECT/.test(text)) {
        const [row] = await run(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
        plans.push(row['QUERY PLAN'][0].Plan);
      }
      return run(text, values);
    };
    return made;
  });
  return { page: await ask().finally(() => spy.mockRestore()), plans };
}

// biome-ignore lint/suspicious/noExplicitAny: a plan of PostgreSQL, as it is
function nodesOf(plan: any): any[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
