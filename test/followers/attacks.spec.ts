import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { type Answer, RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

const told = ({ status, body }: Answer<object>) =>
  (body as { code?: string }).code === undefined ? status : `${status} ${(body as { code?: string }).code}`;

describe('an attacker of the routes of followers', () => {
  let app: AuthTestApp;
  let verifier: VerifyKey;
  let service: RawFollower;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session', 'jwt', 'api-key'], lookUpsPerKey: 60 });
    verifier = await verifyKey(app);
    service = new RawFollower(app.url, verifier.key);
  });
  afterAll(() => app.close());

  it('reads no revocation and has no ticket judged by a key of a person, whatever its scopes, by another scope, or as a logged-in user', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const own = (await admin.post('/auth/api-keys', { name: 'mine', scopes: ['verify'] })).body.apiKey;
    const { key: other } = await verifyKey(app, ['orders:read', 'verify:all']);
    for (const key of [own, other]) {
      const follower = await RawFollower.open(app.url, key);
      expect([follower.status, follower.problem]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
      expect(told(await service.send('POST', '/auth/followers/look-ups', { ticket: own }, key))).toBe('403 forbidden');
      expect(told(await service.put(0, true, 'a', key))).toBe('403 forbidden');
    }
    const person = await app.logIn({ strategy: 'jwt', transport: 'body' });
    expect((await person.post('/auth/followers', {})).body.code).toBe('unauthenticated');
    expect((await admin.post('/auth/followers/look-ups', { ticket: own })).body.code).toBe('unauthenticated');
  });

  it('can do nothing else with a key that may verify', async () => {
    for (const path of ['/auth/sessions', '/admin/users', '/auth/api-keys', '/example/scoped', '/admin/audit'])
      expect([path, told(await service.send('GET', path))]).toEqual([path, '403 forbidden']);
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['no number', { renews: true }],
    ['no wish', { applied: 1 }],
    ['a number in words', { applied: '1', renews: true }],
    ['a number below all', { applied: -1, renews: true }],
    ['a number beyond all', { applied: 1e300, renews: true }],
    ['a wish in words', { applied: 1, renews: 'yes' }],
    ['a field that there is not', { applied: 1, renews: true, leaseSeconds: 3600 }],
  ])('is told what is wrong with a renewal of %s', async (_what, body) => {
    expect(told(await service.send<object>('PUT', '/auth/followers/a', body as object))).toBe('400 validation_failed');
  });

  it('loses its lease by claiming to have applied revocations that do not exist', async () => {
    const follower = await RawFollower.open(app.url, verifier.key);
    expect(told(await follower.put(Number.MAX_SAFE_INTEGER, true))).toBe('404 not_found');
    // It only answers for itself: the node goes on, and so do others.
    const next = await RawFollower.open(app.url, verifier.key);
    expect(told(await next.put(next.lease.head, true))).toBe(200);
    for (const one of [follower, next]) {
      await one.end();
      one.hangUp();
    }
  });

  it.each<[string, object]>([
    ['a mode that there is not', { mode: 'silent' }],
    ['a name of another form', { name: { $gt: '' } }],
    ['a name too long', { name: 'a'.repeat(101) }],
    ['a lease of its own length', { leaseSeconds: 3600 }],
  ])('is told what is wrong with a stream with %s', async (_what, body) => {
    const follower = await RawFollower.open(app.url, verifier.key, body);
    expect([follower.status, follower.problem]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
  });

  it('leaves one line in the audit, however often a key comes back', async () => {
    const own = await verifyKey(app);
    for (let time = 0; time < 5; time += 1) {
      const follower = await RawFollower.open(app.url, own.key, { name: 'orders-1' });
      await follower.end();
      follower.hangUp();
    }
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const events = await database.query(
      `SELECT type, user_id AS "userId", details FROM coatcheck.audit_events WHERE type LIKE 'follower.%' AND user_id = $1`,
      [own.ownerId],
    );
    expect(events).toEqual([
      {
        type: 'follower.joined',
        userId: own.ownerId,
        details: expect.objectContaining({ keyId: own.id, name: 'orders-1' }),
      },
    ]);
  });

  it('is stopped from guessing tickets for ever', async () => {
    const own = await verifyKey(app);
    const asking = new RawFollower(app.url, own.key);
    const answers = await Promise.all(Array.from({ length: 70 }, () => asking.lookUp({ ticket: 'guess' })));
    const counted = answers.map(told);
    expect(counted.filter((one) => one === '200 unauthenticated').length).toBe(60);
    expect(counted.filter((one) => one === '429 rate_limited').length).toBe(10);
  });
});
