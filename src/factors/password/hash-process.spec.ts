import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { AuthError } from '../../kernel/auth-error.js';
import { ARGON2_PACKAGES, type Argon2Parameters, locateArgon2 } from './argon2-package.js';
import { HashProcess } from './hash-process.js';

const CHEAP: Argon2Parameters = { type: 2, algorithm: 2, memoryCost: 64, timeCost: 2, parallelism: 1 };
/** Some seconds: long enough to be under way for certain. */
const DEAR: Argon2Parameters = { ...CHEAP, memoryCost: 65_536, timeCost: 60 };
/** How long a hash may take that is to be stopped: a new process begins within it, and makes a cheap one. */
const SECONDS = 5;
/** Ends what hangs, within the limit of a test: longer than anything takes that ends by itself, on any machine. */
const HANGING_MS = 240_000;
const hasProc = existsSync('/proc/self/task');

describe.each(Object.values(ARGON2_PACKAGES))('the hash process, with %s', (packageName) => {
  let hashes: HashProcess;
  beforeEach(() => {
    hashes = new HashProcess(locateArgon2(packageName), 2);
  });
  afterEach(() => hashes.end());

  it('begins with the first hash', async () => {
    expect(hashes.pid).toBeUndefined();
    const hash = await hashes.hash('an engine weaves', CHEAP);
    expect(hashes.pid).toBeGreaterThan(0);
    expect(await hashes.verify(hash, 'an engine weaves')).toBe(true);
    expect(await hashes.verify(hash, 'another engine')).toBe(false);
  });

  it('answers those under way `unavailable` when it is killed, and the next from another process', async () => {
    await hashes.hash('first', CHEAP);
    const killed = hashes.pid!;
    const lost = [1, 2, 3].map((n) => hashes.hash(`dear ${n}`, DEAR).catch((error) => error));
    process.kill(killed, 'SIGKILL');
    for (const error of await Promise.all(lost)) {
      expect(error).toBeInstanceOf(AuthError);
      expect(error).toMatchObject({ code: 'unavailable', reason: 'hashing_failed' });
    }
    const hash = await hashes.hash('next', CHEAP);
    expect(hashes.pid).not.toBe(killed);
    expect(await hashes.verify(hash, 'next')).toBe(true);
  });

  it('M-6: stops a hash that takes too long, answers it alone `unavailable`, and begins the others anew', async () => {
    const strict = new HashProcess(locateArgon2(packageName), 1, SECONDS);
    await strict.hash('first', CHEAP);
    const stopped = strict.pid!;
    // Minutes: no machine is fast enough.
    const endless = strict.hash('endless', { ...DEAR, timeCost: 9999 }).catch((error) => error);
    // Waits behind it, so it is under way when the process ends.
    const innocent = strict.hash('innocent', CHEAP);
    // It is ended by its alarm, whatever it does. Computing all the while it would only keep other tests from it.
    process.kill(stopped, 'SIGSTOP');
    const tooSlow = { code: 'unavailable', reason: 'hash_too_slow', retryAfterSeconds: SECONDS };
    expect(await endless).toMatchObject(tooSlow);
    expect(await strict.verify(await innocent, 'innocent')).toBe(true);
    expect(strict.pid).not.toBe(stopped);
    strict.end();
  });

  it('waits longer for the first hash, with which it begins, than for any that follows', async () => {
    const strict = new HashProcess(locateArgon2(packageName), 1, 0.001, HANGING_MS / 1000);
    expect(await strict.hash('first', CHEAP)).toMatch(/^\$argon2id\$/);
    await expect(strict.hash('dear', DEAR)).rejects.toMatchObject({ code: 'unavailable', reason: 'hash_too_slow' });
    strict.end();
  });

  it('goes on when a terminal or an orchestrator signals the whole group', async () => {
    const hash = await hashes.hash('first', CHEAP);
    const { pid } = hashes;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid!, signal);
    expect(await hashes.verify(hash, 'first')).toBe(true);
    expect(hashes.pid).toBe(pid);
  });

  (hasProc ? it : it.skip)('hashes in threads of lower priority, and knows nothing of the environment', async () => {
    await hashes.hash('first', CHEAP);
    const tasks = readdirSync(`/proc/${hashes.pid}/task`).map(Number);
    const lower = Math.min(constants.priority.PRIORITY_LOW, getPriority() + 10);
    // V8's own threads begin before any of our code; those that hash begin with the first hash.
    const lowered = tasks.filter((task) => getPriority(task) === lower);
    expect(lowered.length).toBeGreaterThanOrEqual(3);
    const names = readFileSync(`/proc/${hashes.pid}/environ`, 'utf8').match(/(?<=^|\0)[^=]+/g)!;
    const own = names.filter((name) => !name.startsWith('NODE_CHANNEL_'));
    expect(own).toEqual(['UV_THREADPOOL_SIZE']);
  });

  (hasProc ? it : it.skip)('holds the memory of as many hashes as it has threads, and maps none anew', async () => {
    const usual = { ...CHEAP, memoryCost: 19_456 };
    const several = () => Promise.all(Array.from({ length: 12 }, (_, n) => hashes.hash(`${n}`, usual)));
    await hashes.hash('first', CHEAP);
    const before = residentKib(hashes.pid!);
    await several();
    expect(residentKib(hashes.pid!) - before).toBeLessThan(3 * 19_456);
    const faults = pageFaults(hashes.pid!);
    await several();
    // A hash that maps its memory has one for every 4 KiB of it: 4,864.
    expect((pageFaults(hashes.pid!) - faults) / 12).toBeLessThan(1_000);
  });
});

it('an idle hash process keeps no other process alive, and ends with its parent', () => {
  const path = JSON.stringify(locateArgon2('argon2'));
  const program = `
    import { HashProcess } from './dist/src/factors/password/hash-process.js';
    const hashes = new HashProcess(${path}, 1);
    await hashes.hash('first', ${JSON.stringify(CHEAP)});
    console.log(hashes.pid);`;
  const root = `${__dirname}/../../..`;
  const inline = ['--input-type=module', '-e', program];
  const output = execFileSync(process.execPath, inline, { cwd: root, timeout: HANGING_MS });
  expect(Number(output.toString())).toBeGreaterThan(0);
});

function residentKib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

/** Of the whole process so far, without those that needed the disk. */
function pageFaults(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[7]);
}
