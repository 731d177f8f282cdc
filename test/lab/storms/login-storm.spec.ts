import type { Argon2Hasher } from '../../../src/factors/password/argon2-hasher.js';
import { HashGate } from '../../../src/factors/password/hash-gate.js';
import { PasswordHasher } from '../../../src/factors/password/password-hasher.js';
import type { AuthTestApp, TestReply, TestUser } from '../../../src/testing/index.js';
import { bootService, STRATEGIES } from '../../flows/combinations.js';

const COUNT = 40;
/**
 * In its own process, and dear enough for one to be under way when the test looks. Nobody is turned away for want of a connection
 * or of time, which would judge the machine.
 */
const REAL = {
  passwordHashProcess: true,
  passwordHashMemoryKib: 8192,
  databasePoolSize: COUNT + 10,
  requestDeadlineSeconds: 300,
};

describe.each(STRATEGIES)(`${COUNT} logins at once, by %s`, (strategy) => {
  let app: AuthTestApp;
  let user: TestUser;
  let gate: HashGate;
  const patience = new Set<() => void>();
  beforeAll(async () => {
    // Patience ends when the test says so.
    gate = new HashGate({ concurrency: 1, queue: 100, waitSeconds: 5 }, (action) => {
      patience.add(action);
      return () => void patience.delete(action);
    });
    app = await bootService({ authStrategies: [strategy], ...REAL }, [{ provide: HashGate, useValue: gate }]);
    user = await app.logIn();
  });
  afterAll(() => app.close());

  /** All in line behind a hash that lasts until the test says so. */
  async function storm() {
    let release = () => {};
    const held = gate.run(() => new Promise<void>((resolve) => (release = resolve)));
    const body = { email: user.email, password: user.password };
    const logins = Array.from({ length: COUNT }, () => app.client().post('/auth/login', body));
    await until(() => gate.waiting === COUNT);
    const first = async () => {
      release();
      await held;
      await until(() => gate.waiting < COUNT);
    };
    return { replies: Promise.all(logins), first };
  }
  const expectNothingLeft = () => expect([gate.running, gate.waiting, patience.size]).toEqual([0, 0, 0]);

  it('all get in, and an authenticated request waits for none of them', async () => {
    const { replies, first } = await storm();
    expect((await user.get('/auth/me')).status).toBe(200);
    await first();
    expect((await user.get('/auth/me')).status).toBe(200);
    expect(statusesOf(await replies)).toEqual({ 200: COUNT });
    expectNothingLeft();
  });

  it('a login that has waited too long is told when to come back; one that is being hashed succeeds', async () => {
    const { replies, first } = await storm();
    await first();
    const late = gate.waiting;
    for (const action of [...patience]) action();
    patience.clear();
    expect(statusesOf(await replies)).toEqual({ 200: COUNT - late, 503: late });
    for (const refused of (await replies).filter(({ status }) => status === 503)) {
      expect([refused.body.code, refused.headers.get('retry-after'), refused.setCookies]).toEqual([
        'unavailable',
        '5',
        [],
      ]);
    }
    expectNothingLeft();
    expect((await user.get('/auth/me')).status).toBe(200);
  });

  it('only the hash under way is lost with its process, and the others get in by the next', async () => {
    const { replies, first } = await storm();
    await first();
    const hashProcess = app.app.get<Argon2Hasher>(PasswordHasher, { strict: false }).process!;
    const killed = hashProcess.pid!;
    process.kill(killed, 'SIGKILL');
    expect(statusesOf(await replies)).toEqual({ 200: COUNT - 1, 503: 1 });
    expect(hashProcess.pid).not.toBe(killed);
    expectNothingLeft();
  });
});

it('closing ends the hash process', async () => {
  const app = await bootService(REAL);
  const { pid } = app.app.get<Argon2Hasher>(PasswordHasher, { strict: false }).process!;
  const isAlive = () => {
    try {
      return process.kill(pid!, 0);
    } catch {
      return false;
    }
  };
  expect(isAlive()).toBe(true);
  await app.close();
  await until(() => !isAlive());
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function statusesOf(replies: TestReply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
