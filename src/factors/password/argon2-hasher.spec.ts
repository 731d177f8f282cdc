import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { Argon2Hasher } from './argon2-hasher.js';
import { ARGON2_PACKAGES, argon2Candidates, environmentOf, locateArgon2 } from './argon2-package.js';
import { passwordOptions } from './password-options.js';

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

function hasherOf(given: object): Argon2Hasher {
  const cheap = { nodeEnv: 'test', passwordHashMemoryKib: 64, passwordHashTimeCost: 2, passwordHashProcess: false };
  return new Argon2Hasher(Options.resolve([coreOptions, passwordOptions], { ...cheap, ...given }));
}

const ways = (['auto', 'argon2', 'node-rs'] as const).flatMap((passwordHasher) =>
  [false, true].map((passwordHashProcess) => ({ passwordHasher, passwordHashProcess })),
);

describe.each(ways)('the argon2id hasher with %j', (way) => {
  const hashers = new Map<string, Argon2Hasher>();
  /** Each once: a hasher may have a process of its own. */
  const hasherWith = (given: object) => {
    const settings = { ...way, ...given };
    const name = JSON.stringify(settings);
    const made = hashers.get(name) ?? hasherOf(settings);
    hashers.set(name, made);
    return made;
  };
  const hasher = hasherWith({});
  afterAll(() => {
    for (const made of hashers.values()) made.onApplicationShutdown();
  });

  it('says its parameters in the hash, and salts it', async () => {
    const [one, two] = await Promise.all([hasher.hash('an engine weaves'), hasher.hash('an engine weaves')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(two).not.toBe(one);
  });

  it('gives equal passwords equal hashes under one salt only', async () => {
    const [salt, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    const hash = await hasher.hash('an engine weaves', salt);
    expect(hash).toContain(`$${salt.toString('base64').replace(/=+$/, '')}$`);
    expect(await hasher.hash('an engine weaves', salt)).toBe(hash);
    expect(await hasher.hash('an engine weaves', other)).not.toBe(hash);
    expect(await hasher.hash('an engine weave', salt)).not.toBe(hash);
    expect(await hasher.verify(hash, 'an engine weaves')).toEqual({ matches: true, needsRehash: false });
  });

  it('uses 19456 KiB and two passes unless told otherwise', async () => {
    const real = new Argon2Hasher(Options.resolve([coreOptions, passwordOptions], way));
    hashers.set('real', real);
    expect(await real.hash('an engine weaves')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    ['the 73rd byte', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    ['what follows a NUL', 'password\0a', 'password\0b'],
    ['a trailing space', 'an engine weaves', 'an engine weaves '],
    ['case', 'an engine weaves', 'An engine weaves'],
    ['Unicode form', 'caf\u00e9 au lait', 'cafe\u0301 au lait'],
    ['the last of 256 emoji', '😀'.repeat(256), `${'😀'.repeat(255)}😁`],
  ])('tells passwords apart by %s', async (_what, chosen, typed) => {
    const hash = await hasher.hash(chosen);
    expect(await hasher.verify(hash, chosen)).toEqual({ matches: true, needsRehash: false });
    expect((await hasher.verify(hash, typed)).matches).toBe(false);
  });

  it.each([
    ['more memory', { passwordHashMemoryKib: 128 }],
    ['less memory', { passwordHashMemoryKib: 32 }],
    ['more passes', { passwordHashTimeCost: 3 }],
  ])('asks for a new hash after a change to %s, and still verifies the old one', async (_what, changed) => {
    const hash = await hasher.hash('an engine weaves');
    expect(await hasherWith(changed).verify(hash, 'an engine weaves')).toEqual({ matches: true, needsRehash: true });
    expect((await hasherWith(changed).verify(hash, 'another engine')).matches).toBe(false);
  });

  it.each(ways)('verifies what was hashed with %j', async (other) => {
    const hash = await hasherWith(other).hash('an engine weaves');
    expect(await hasher.verify(hash, 'an engine weaves')).toEqual({ matches: true, needsRehash: false });
    expect((await hasher.verify(hash, 'another engine')).matches).toBe(false);
  });

  it.each([
    '',
    'plain text',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=64,t=2,p=1$c2FsdA',
    '$argon2i$v=19$m=64,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
  ])('matches nothing against %j, and does not fail', async (hash) => {
    expect(await hasher.verify(hash, 'an engine weaves')).toEqual({ matches: false, needsRehash: false });
    expect(await hasher.verify(hash, hash)).toEqual({ matches: false, needsRehash: false });
  });
});

describe('a hasher that never worked', () => {
  it('is a wrong configuration, and says what to install', () => {
    expect(() => locateArgon2('no-such-package')).toThrow(ConfigurationError);
    expect(() => locateArgon2('no-such-package')).toThrow(/npm install no-such-package/);
  });

  it('is no overload', async () => {
    const hasher = hasherOf({ passwordHasher: 'argon2', passwordHashProcess: true });
    const first = hasher.hash('an engine weaves').catch((error) => error);
    process.kill(hasher.process!.pid!, 'SIGKILL');
    const error = await first;
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/PASSWORD_HASHER argon2 does not work.*SIGKILL.*PASSWORD_HASH_PROCESS=false/s);
  });

  it('which did work before is one', async () => {
    const hasher = hasherOf({ passwordHashProcess: true });
    await hasher.hash('an engine weaves');
    const second = hasher.hash('an engine weaves').catch((error) => error);
    process.kill(hasher.process!.pid!, 'SIGKILL');
    expect(await second).toMatchObject({ code: 'unavailable', reason: 'hashing_failed' });
    hasher.onApplicationShutdown();
  });
});

describe('PASSWORD_HASHER=auto', () => {
  const lines: string[] = [];
  const note = (line: string) => lines.push(line);
  beforeEach(() => {
    lines.length = 0;
    Logger.overrideLogger({ log: note, warn: note, error: note });
  });
  afterAll(() => Logger.overrideLogger(false));

  const running = (hasher: Argon2Hasher) => hasher.process!.packagePath;

  it('is the default, and takes the faster package where it is installed', async () => {
    const hasher = hasherOf({ passwordHashProcess: true });
    for (let i = 0; i < 2; i++) await hasher.hash('an engine weaves');
    expect(running(hasher)).toBe(locateArgon2(ARGON2_PACKAGES['node-rs']));
    expect(lines).toEqual(['PASSWORD_HASHER=auto: passwords are hashed by @node-rs/argon2']);
    hasher.onApplicationShutdown();
  });

  it('takes the package that comes along where the faster one is not installed', () => {
    expect(argon2Candidates('auto', (name) => name !== '@node-rs/argon2')).toEqual(['argon2']);
    expect(argon2Candidates('node-rs', () => false)).toEqual(['node-rs']);
  });

  it('tries what was compiled for newer processors first, and what runs everywhere after it', () => {
    const [isThere, mayTryCompiled] = [() => false, () => true];
    expect(argon2Candidates('auto', isThere, mayTryCompiled)).toEqual(['argon2-compiled', 'argon2']);
    expect(argon2Candidates('argon2', isThere, mayTryCompiled)).toEqual(['argon2']);
    expect(environmentOf('argon2-compiled').ARGON2_PREBUILD).toMatch(/node_modules\/argon2\/compiled$/);
    expect(environmentOf('argon2')).toEqual({});
  });

  it('takes the other package when the first never worked, for all hashes that wait', async () => {
    const hasher = hasherOf({ passwordHashProcess: true });
    const hashes = Promise.all([hasher.hash('an engine weaves'), hasher.hash('an engine weaves')]);
    process.kill(hasher.process!.pid!, 'SIGKILL');
    for (const hash of await hashes) {
      expect(await hasher.verify(hash, 'an engine weaves')).toEqual({ matches: true, needsRehash: false });
    }
    expect(running(hasher)).toBe(locateArgon2('argon2'));
    expect(lines).toEqual([
      expect.stringMatching(/^node-rs does not work: .*SIGKILL.*; PASSWORD_HASHER=auto tries the next package$/),
      'PASSWORD_HASHER=auto: passwords are hashed by argon2',
    ]);
    hasher.onApplicationShutdown();
  });

  it('is a wrong configuration when no package works', async () => {
    const hasher = hasherOf({ passwordHashProcess: true });
    const first = hasher.hash('an engine weaves').catch((error) => error);
    const { pid } = hasher.process!;
    process.kill(pid!, 'SIGKILL');
    while (hasher.process === null || hasher.process.pid === pid) await new Promise((resolve) => setImmediate(resolve));
    process.kill(hasher.process.pid!, 'SIGKILL');
    const error = await first;
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/PASSWORD_HASHER argon2 does not work.*SIGKILL/s);
  });

  it.each(['fastest', 'Argon2', ''])('is no other word: %j', (passwordHasher) => {
    expect(() => hasherOf({ passwordHasher })).toThrow(/PASSWORD_HASHER/);
  });
});

describe('the cost of a hash', () => {
  const problems = (given: Record<string, unknown>) => {
    try {
      Options.resolve([coreOptions, passwordOptions], given);
      return [];
    } catch (error) {
      return (error as { problems: { option: string }[] }).problems.map(({ option }) => option);
    }
  };

  it.each(['development', 'production'])('cannot be lowered in %s', (nodeEnv) => {
    const found = problems({ nodeEnv, passwordHashMemoryKib: 19_455, passwordHashTimeCost: 1 });
    expect(found).toEqual(expect.arrayContaining(['passwordHashMemoryKib', 'passwordHashTimeCost']));
    expect(problems({ nodeEnv, passwordHashMemoryKib: 19_456, passwordHashTimeCost: 2 })).not.toContain(
      'passwordHashMemoryKib',
    );
  });

  it('can be lowered in tests', () => {
    expect(problems({ nodeEnv: 'test', passwordHashMemoryKib: 64, passwordHashTimeCost: 1 })).toEqual([]);
  });
});
