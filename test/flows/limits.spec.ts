import type { DataSource } from 'typeorm';
import { coreOptions } from '../../src/config/core-options.js';
import { Options } from '../../src/config/options.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Argon2Hasher } from '../../src/factors/password/argon2-hasher.js';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { passwordOptions } from '../../src/factors/password/password-options.js';
import { RateLimitStore } from '../../src/limits/rate-limit.store.js';
import { StoredRateLimits } from '../../src/sessions/stored-rate-limits.js';
import { type AuthTestApp, testOptions } from '../../src/testing/index.js';
import { KINDS_OF_STORE, overStores } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { Fleet } from './several-nodes.js';

const WRONG = 'wrong horse battery staple';
/** Behind a proxy, so that a test can come from wherever it says. */
const PROXIED = { loginAttempts: 5, trustedProxies: ['127.0.0.1'] };

/** Counts the passwords that reach a hash. */
class CountingHasher extends Argon2Hasher {
  verified = 0;

  constructor() {
    super(Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', passwordHashMemoryKib: 64 }));
  }

  override verify(hash: string, password: string) {
    this.verified += 1;
    return super.verify(hash, password);
  }
}

let addresses = 0;
/** One that nobody has had before. */
const newAddress = () => `198.51.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;

const clientOf = (app: AuthTestApp, ip: string) => app.client({ 'x-forwarded-for': ip });
const statuses = async (times: number, attempt: (i: number) => Promise<{ status: number }>) => {
  const found: number[] = [];
  for (let i = 0; i < times; i += 1) found.push((await attempt(i)).status);
  return found;
};
const FIVE_THEN_NO_MORE = [401, 401, 401, 401, 401, 429, 429];

overStores((store) => {
  describe('limits of logins', () => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ ...PROXIED, sessionStore: store });
    });
    afterAll(() => app.close());

    const logIn = (ip: string, email: string) => clientOf(app, ip).post('/auth/login', { email, password: WRONG });

    it('stop the sixth wrong password for one address, known or not, from wherever', async () => {
      const { email } = await app.register();
      expect(await statuses(7, () => logIn(newAddress(), email))).toEqual(FIVE_THEN_NO_MORE);
      expect(await statuses(7, () => logIn(newAddress(), `nobody-${store}@example.com`))).toEqual(FIVE_THEN_NO_MORE);
      const replies = await Promise.all(
        [email, `nobody-${store}@example.com`].map((each) => logIn(newAddress(), each)),
      );
      for (const { status, body, headers } of replies) {
        expect([status, body.code]).toEqual([429, 'rate_limited']);
        expect(headers.get('retry-after')).toBe('900');
        expect(headers.get('ratelimit-limit')).toBe('5');
        expect(headers.get('ratelimit-remaining')).toBe('0');
      }
      expect(replies[0]!.text.length).toBe(replies[1]!.text.length);
    });

    it('begin anew after the window', async () => {
      const ip = newAddress();
      const email = `window-${store}@example.com`;
      await statuses(5, () => logIn(ip, email));
      app.clock.advance(899);
      expect((await logIn(ip, email)).status).toBe(429);
      app.clock.advance(1);
      expect((await logIn(ip, email)).status).toBe(401);
    });
  });
});

describe('limits of logins', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers(PROXIED);
  });
  afterAll(() => app.close());

  const logIn = (ip: string, email: string, password = WRONG) =>
    clientOf(app, ip).post('/auth/login', { email, password });

  it('count an e-mail address in whatever spelling', async () => {
    const spellings = ['Spelled@example.com', 'spelled@EXAMPLE.com', 'SPELLED@example.COM'];
    expect(await statuses(7, (i) => logIn(newAddress(), spellings[i % 3]!))).toEqual(FIVE_THEN_NO_MORE);
  });

  it('stop one client that tries many addresses, by /64, and no other client', async () => {
    const spray = (i: number) => logIn(`2001:db8:7:1::${i + 1}`, `sprayed-${i}@example.com`);
    expect(await statuses(7, spray)).toEqual(FIVE_THEN_NO_MORE);
    const { email, password } = await app.register();
    expect((await logIn('2001:db8:7:1::ffff', email, password)).status).toBe(429);
    expect((await logIn('2001:db8:7:2::1', email, password)).status).toBe(200);
  });

  it('do not count successes, also not many at once behind one address', async () => {
    const ip = newAddress();
    const { email, password } = await app.register();
    const replies = await Promise.all(Array.from({ length: 25 }, () => logIn(ip, email, password)));
    expect(replies.map(({ status }) => status)).toEqual(Array(25).fill(200));
    expect(replies.every(({ headers }) => headers.get('ratelimit-limit') === '5')).toBe(true);
    expect((await logIn(ip, email)).status).toBe(401);
  });

  it('let no success of one’s own restore the budget against another user', async () => {
    const [ip, victim, own] = [newAddress(), await app.register(), await app.register()];
    const guesses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      guesses.push((await logIn(ip, victim.email)).status);
      await logIn(newAddress(), own.email, own.password);
    }
    expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('do not let a stopped client use up the budget of an address', async () => {
    const [ip, { email, password }] = [newAddress(), await app.register()];
    await statuses(5, (i) => logIn(ip, `other-${i}@example.com`));
    expect(await statuses(20, () => logIn(ip, email))).toEqual(Array(20).fill(429));
    expect((await logIn(newAddress(), email, password)).status).toBe(200);
  });

  it('hang on the handler, not on the spelling of its path', async () => {
    const ip = newAddress();
    await statuses(5, (i) => logIn(ip, `path-${i}@example.com`));
    for (const path of [
      '/auth/login',
      '/auth/login/',
      '//auth/login',
      '/AUTH/login',
      '/auth/%6cogin',
      '/auth/login;x=y',
      '/auth/./login?a=b',
    ]) {
      const { status } = await clientOf(app, ip).post(path, { email: 'path-x@example.com', password: WRONG });
      expect([path, [404, 429].includes(status)]).toEqual([path, true]);
    }
  });
});

describe('a client address', () => {
  const STOPPED = [401, 401, 401, 401, 401, 429];
  const guesses = async (options: object, headers: (i: number) => Record<string, string>) => {
    const app = await bootWithMadeUsers({ loginAttempts: 5, ...options });
    const found: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const body = { email: `rotating-${i}@example.com`, password: WRONG };
      found.push((await app.client(headers(i)).post('/auth/login', body)).status);
    }
    await app.close();
    return found;
  };

  it('is nothing that a client may choose while no proxy is trusted', async () => {
    const headers = (i: number) => ({
      'x-forwarded-for': `203.0.113.${i}`,
      'x-real-ip': `203.0.113.${i}`,
      forwarded: `for=203.0.113.${i}`,
    });
    expect(await guesses({}, headers)).toEqual(STOPPED);
  });

  it('is the first from the right that is no trusted proxy', async () => {
    const trustedProxies = ['127.0.0.0/8', '10.0.0.0/8'];
    const behind = (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}, 198.51.100.7, 10.1.2.3` });
    expect(await guesses({ trustedProxies }, behind)).toEqual(STOPPED);
    const apart = (i: number) => ({ 'x-forwarded-for': `1.1.1.1, 198.51.100.${i}, 10.1.2.3` });
    expect(await guesses({ trustedProxies }, apart)).toEqual(Array(6).fill(401));
  });
});

describe('routes that send mails', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ ...PROXIED, mailsPerIp: 8 });
  });
  afterAll(() => app.close());

  const post = (path: string, email: string, ip: string) =>
    app.client({ 'x-forwarded-for': ip }).post(path, { email, password: 'correct horse battery staple' });

  it('mail one address so often and no more, whosever it is and from wherever', async () => {
    const known = await app.register();
    const before = (await app.mails()).length;
    for (const email of [known.email, 'nobody-to-mail@example.com']) {
      const replies = [];
      for (let i = 0; i < 7; i += 1) {
        replies.push(await app.client({ 'x-forwarded-for': newAddress() }).post('/auth/email/verification', { email }));
      }
      expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429]);
      expect(replies[6]!.headers.get('retry-after')).toBe('900');
      expect(replies[0]!.headers.get('ratelimit-limit')).toBe('8');
    }
    expect((await app.mails()).length).toBe(before);
  });

  it('are limited per client, and count nothing that was malformed', async () => {
    const ip = newAddress();
    for (let i = 0; i < 20; i += 1) expect((await post('/auth/register', 'not an address', ip)).status).toBe(400);
    const found = [];
    for (let i = 0; i < 9; i += 1) found.push((await post('/auth/register', `mass-${i}@example.com`, ip)).status);
    expect(found).toEqual([...Array(8).fill(202), 429]);
  });
});

describe('the cost of limits', () => {
  class CountingLimits extends StoredRateLimits {
    readonly calls: string[] = [];
    override add(...given: Parameters<StoredRateLimits['add']>) {
      this.calls.push('add');
      return super.add(...given);
    }
    override subtract(...given: Parameters<StoredRateLimits['subtract']>) {
      this.calls.push('subtract');
      return super.subtract(...given);
    }
  }

  it('is one call before a login, whatever it is counted by, none after a success, whose session gives it back, and none for other requests', async () => {
    const wide = { loginAttempts: 5, loginAttemptsPerIp: 50, loginAttemptsPerEmail: 50 };
    const app = await bootWithMadeUsers(wide, [{ provide: RateLimitStore, useClass: CountingLimits }]);
    const { calls } = app.app.get<CountingLimits>(RateLimitStore, { strict: false });
    const { email, password } = await app.register();
    const during = async (work: () => Promise<unknown>) => {
      calls.length = 0;
      await work();
      return [...calls];
    };
    expect(await during(() => app.client().post('/auth/login', { email, password: WRONG }))).toEqual(['add']);
    expect(await during(() => app.client().post('/auth/login', { email, password }))).toEqual(['add']);
    const user = await app.logInAgain({ email, password });
    expect(await during(() => user.get('/auth/me'))).toEqual([]);
    expect(await during(() => user.post('/auth/logout'))).toEqual([]);
    await app.close();
  });
});

describe('while the store of limits is out of reach', () => {
  class DeadStore extends RateLimitStore {
    add = () => Promise.reject(new Error('gone'));
    subtract = () => Promise.reject(new Error('gone'));
    forget = () => Promise.reject(new Error('gone'));
  }

  it('each node counts for itself, more strictly, and still lets people in', async () => {
    const app = await bootWithMadeUsers({ loginAttempts: 8 }, [{ provide: RateLimitStore, useClass: DeadStore }]);
    const { email, password } = await app.register();
    const guess = () => app.client().post('/auth/login', { email, password: WRONG });
    expect((await app.client().post('/auth/login', { email, password })).status).toBe(200);
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
    await app.close();
  });
});

describe('while a counter is locked', () => {
  it('no client wins a second budget by it: the request is 503, and what was counted before stands', async () => {
    const app = await bootWithMadeUsers({ loginAttempts: 8 });
    const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const { email, password } = await app.register();
    const guess = () => app.client().post('/auth/login', { email, password: WRONG });
    expect(await statuses(3, guess)).toEqual([401, 401, 401]);
    await dataSource.transaction(async (holder) => {
      await holder.query('SELECT FROM coatcheck.counters FOR UPDATE');
      const replies = await Promise.all([guess(), guess(), app.client().post('/auth/login', { email, password })]);
      expect(replies.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(3).fill('503 unavailable'));
      expect(replies[0]!.headers.get('retry-after')).toBe('1');
    });
    expect(await statuses(7, guess)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    await app.close();
  });
});

describe.each(KINDS_OF_STORE)('twenty times the limit at three nodes on %s', (store) => {
  const LIMIT = 5;
  let fleet: Fleet;
  const hasher = new CountingHasher();
  beforeAll(async () => {
    const options = { ...PROXIED, ...testOptions, loginAttempts: LIMIT, sessionStore: store };
    fleet = await Fleet.start(3, options, () => [{ provide: PasswordHasher, useValue: hasher }]);
  });
  afterAll(() => fleet.stop());

  const fire = async (attemptOf: (i: number) => { ip: string; email: string }) => {
    const before = hasher.verified;
    const replies = await Promise.all(
      Array.from({ length: 20 * LIMIT }, (_, i) => {
        const { ip, email } = attemptOf(i);
        const client = fleet.nodes[i % 3]!.client({ 'x-forwarded-for': ip });
        return client.post('/auth/login', { email, password: WRONG });
      }),
    );
    const counted = (status: number) => replies.filter((reply) => reply.status === status).length;
    return { hashed: hasher.verified - before, refused: counted(401), limited: counted(429) };
  };
  const EXACTLY = { hashed: LIMIT, refused: LIMIT, limited: 19 * LIMIT };

  it('has exactly the limit reach a hash, for one address from everywhere', async () => {
    const { email } = await fleet.nodes[0]!.register();
    expect(await fire(() => ({ ip: newAddress(), email }))).toEqual(EXACTLY);
  }, 60_000);

  it('has exactly the limit reach a hash, for many addresses from one client', async () => {
    const ip = newAddress();
    expect(await fire((i) => ({ ip, email: `race-${i}-${store}@example.com` }))).toEqual(EXACTLY);
  }, 60_000);
});
