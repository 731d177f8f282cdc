import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Argon2Hasher } from '../../src/factors/password/argon2-hasher.js';
import { HashGate } from '../../src/factors/password/hash-gate.js';
import { PasswordStore } from '../../src/factors/password/password.store.js';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { TypeormPasswordStore } from '../../src/factors/password/typeorm-password.store.js';
import { type AuthTestApp, bootAuthApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootEmbeddedHost } from '../boot-host.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootService } from './combinations.js';

const ada = { email: 'ada@example.com', password: 'an engine weaves algebra' };
const logIn = (app: AuthTestApp, given: object = {}) => app.client().post('/auth/login', { ...ada, ...given });

async function hashOf(app: AuthTestApp, email: string): Promise<string> {
  const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const [row] = await database.query(
    'SELECT password_hash FROM coatcheck.passwords JOIN coatcheck.users ON id = user_id WHERE email = $1',
    [email],
  );
  return row.password_hash;
}

describe('the cost of a login', () => {
  const calls: string[] = [];

  @Injectable()
  class CountingHasher extends Argon2Hasher {
    override hash(password: string) {
      calls.push('hash');
      return super.hash(password);
    }
    override verify(hash: string, password: string) {
      calls.push('verify');
      return super.verify(hash, password);
    }
  }

  let app: AuthTestApp;
  let admissions = 0;
  beforeAll(async () => {
    app = await bootService({}, [{ provide: PasswordHasher, useClass: CountingHasher }]);
    await app.register(ada);
    await app.register({ email: 'banned@example.com', password: ada.password, changes: { bannedAt: new Date() } });
    await app.app.get(UserStore, { strict: false }).insert({ email: 'no-password@example.com', name: null });
    const gate = app.app.get(HashGate, { strict: false });
    const admit = gate.run.bind(gate);
    gate.run = (work) => {
      admissions += 1;
      return admit(work);
    };
  });
  afterAll(() => app.close());
  beforeEach(() => {
    calls.length = 0;
    admissions = 0;
  });

  it.each([
    ['a right password', {}, 200],
    ['a wrong password', { password: 'another engine' }, 401],
    ['an unknown user', { email: 'nobody@example.com' }, 401],
    ['a user without a password', { email: 'no-password@example.com' }, 401],
    ['a banned user', { email: 'banned@example.com' }, 403],
    ['a banned user and a wrong password', { email: 'banned@example.com', password: 'another engine' }, 401],
  ])('is one admission and one hash for %s', async (_what, given, status) => {
    expect((await logIn(app, given)).status).toBe(status);
    expect([admissions, calls]).toEqual([1, ['verify']]);
  });

  it.each([
    ['no password', ''],
    ['a lone surrogate', 'an engine weaves\ud800'],
    ['more than anybody could have chosen', 'x'.repeat(3000)],
  ])('is no hash at all for %s', async (_what, password) => {
    expect((await logIn(app, { password })).body.code).toBe('invalid_credentials');
    expect([admissions, calls]).toEqual([0, []]);
  });

  it('is not paid by a password in the query string, which would open nothing', async () => {
    const query = new URLSearchParams(ada);
    const reply = await app.client().post(`/auth/login?${query}`, { email: ada.email, password: '' });
    expect([reply.status, calls]).toEqual([401, []]);
  });
});

describe('a password hash', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());
  const boot = (options: object = {}, providers: Parameters<typeof bootService>[1] = []) =>
    bootService({ databaseUrl: database.url, ...options }, providers);

  it('is made anew by a login after the cost was raised, and by no wrong password', async () => {
    const before = await boot({ passwordHashMemoryKib: 64 });
    await before.register(ada);
    await before.close();
    const after = await boot({ passwordHashMemoryKib: 128 });
    expect((await logIn(after, { password: 'another engine' })).status).toBe(401);
    expect(await hashOf(after, ada.email)).toContain('$m=64,');
    expect((await logIn(after)).status).toBe(200);
    expect(await hashOf(after, ada.email)).toContain('$m=128,');
    expect((await logIn(after)).status).toBe(200);
    await after.close();
  });

  it('that cannot be renewed does not stop the login', async () => {
    @Injectable()
    class ReadOnlyStore extends TypeormPasswordStore {
      override replaceHash(): Promise<boolean> {
        return Promise.reject(new Error('read-only'));
      }
    }
    const before = await boot({ passwordHashMemoryKib: 64 });
    await before.register(ada);
    await before.close();
    const after = await boot({ passwordHashMemoryKib: 128 }, [{ provide: PasswordStore, useClass: ReadOnlyStore }]);
    expect((await logIn(after)).status).toBe(200);
    expect(await hashOf(after, ada.email)).toContain('$m=64,');
    await after.close();
  });

  it('renewed after the password was changed meanwhile does not bring the old one back', async () => {
    const app = await boot();
    await app.register(ada);
    const store = app.app.get(PasswordStore, { strict: false });
    const { id } = (await app.app.get(UserStore, { strict: false }).findByEmail(ada.email))!;
    const seen = (await store.find(id))!;
    await store.set({ ...seen, passwordHash: 'changed' });
    expect(await store.replaceHash(id, seen.passwordHash, 'renewed')).toBe(false);
    expect((await store.find(id))!.passwordHash).toBe('changed');
    expect(await store.replaceHash(id, 'changed', 'renewed')).toBe(true);
    expect(await store.find(id)).toEqual({ ...seen, passwordHash: 'renewed' });
    await app.close();
  });

  it('of equal passwords differs', async () => {
    const app = await boot();
    await app.register(ada);
    await app.register({ ...ada, email: 'grace@example.com' });
    expect(await hashOf(app, ada.email)).not.toBe(await hashOf(app, 'grace@example.com'));
    await app.close();
  });
});

describe.each(['express', 'fastify'] as const)('on %s, with the embedded database', (adapter) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    // As a host's tests boot it, once: in memory.
    app = adapter === 'fastify' ? await bootAuthApp({ adapter }) : await bootEmbeddedHost({ adapter });
  });
  afterAll(() => app.close());

  it('a user registers, verifies and logs in', async () => {
    const user = await app.logIn({ name: 'Ada' });
    expect((await user.get('/auth/me')).body.user.name).toBe('Ada');
  });

  it('the mailed link opens the page with its own policy', async () => {
    const page = await app.client().get('/auth/email/verify?token=x');
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(page.text).toMatch(/^<!doctype html>/);
  });

  it('20 concurrent registrations of one address make one user', async () => {
    const body = { email: 'race@example.com', password: ada.password };
    const replies = await Promise.all(Array.from({ length: 20 }, () => app.client().post('/auth/register', body)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
  });

  it('the outbox is no route of a host', async () => {
    expect((await app.client().get('/dev/outbox')).status).toBe(404);
  });
});
