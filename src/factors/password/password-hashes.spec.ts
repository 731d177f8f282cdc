import { Logger } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { Argon2Hasher } from './argon2-hasher.js';
import { foreignHashes } from './foreign/foreign-hashes.js';
import { PasswordHashes } from './password-hashes.js';
import { passwordOptions } from './password-options.js';
import { Peppers } from './peppers.js';

const PASSWORD = 'an engine weaves algebra';
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const [FIRST, SECOND] = [`a:${'A'.repeat(43)}`, `b:${'B'.repeat(43)}`];

function hashesWith(...passwordPeppers: string[]): PasswordHashes {
  const given = { nodeEnv: 'test', passwordHashMemoryKib: 64, passwordHashTimeCost: 1, passwordPeppers };
  const options = Options.resolve([coreOptions, passwordOptions], given);
  return new PasswordHashes(new Argon2Hasher(options), new Peppers(options), foreignHashes);
}

describe('password hashes', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));

  it('without a pepper are what the hasher makes', async () => {
    expect(await hashesWith().hash(PASSWORD)).toMatch(/^\$argon2id\$/);
  });

  it('with a pepper are worth nothing without it', async () => {
    const hash = await hashesWith(FIRST).hash(PASSWORD);
    expect(hash).toMatch(/^\$pepper\$a\$argon2id\$/);
    expect(await hashesWith(FIRST).verify(hash, PASSWORD)).toEqual({ matches: true, needsRehash: false });
    expect((await hashesWith(FIRST).verify(hash, 'another engine')).matches).toBe(false);
    for (const without of [hashesWith(), hashesWith(SECOND), hashesWith(`a:${'C'.repeat(43)}`)]) {
      expect(await without.verify(hash, PASSWORD)).toEqual({ matches: false, needsRehash: false });
      expect((await without.verify(hash.replace('$pepper$a', ''), PASSWORD)).matches).toBe(false);
    }
  });

  it('are of the normalized password, whichever keyboard it is typed on', async () => {
    const hashes = hashesWith();
    const hash = await hashes.hash('Zoë wo\u0308rt\ufb01 №２'.normalize('NFD'));
    for (const typed of ['Zoë wört\ufb01 №２', 'Zoë wo\u0308rtfi No2'])
      expect([typed, await hashes.verify(hash, typed)]).toEqual([typed, { matches: true, needsRehash: false }]);
    expect((await hashes.verify(hash, 'Zoe wortfi No2')).matches).toBe(false);
  });

  it('from before passwords were normalized match the exact text, and ask to be renewed', async () => {
    const options = Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', passwordHashMemoryKib: 64 });
    const typed = 'a wo\u0308rd of old times';
    const before = await new Argon2Hasher(options).hash(typed);
    expect(await hashesWith().verify(before, typed)).toEqual({ matches: true, needsRehash: true });
    expect((await hashesWith().verify(before, typed.normalize('NFC'))).matches).toBe(false);
    expect((await hashesWith().verify(before, 'a wo\u0308rd of new times')).matches).toBe(false);
  });

  it('cost one hash for a password that normalizing leaves as it is, and two for another', async () => {
    const options = Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', passwordHashMemoryKib: 64 });
    const hasher = new Argon2Hasher(options);
    const verify = jest.spyOn(hasher, 'verify');
    const hashes = new PasswordHashes(hasher, new Peppers(options), foreignHashes);
    const hash = await hashes.hash(PASSWORD);
    verify.mockClear();
    for (const wrong of ['plain ascii', 'gefährlich'.normalize('NFC')]) await hashes.verify(hash, wrong);
    expect(verify).toHaveBeenCalledTimes(2);
    await hashes.verify(hash, 'gefährlich'.normalize('NFD'));
    expect(verify).toHaveBeenCalledTimes(4);
  });

  it.each([
    ['older than the pepper', hashesWith()],
    ['made with an older pepper', hashesWith(FIRST)],
  ])('%s ask to be renewed', async (_when, before) => {
    const now = hashesWith(SECOND, FIRST);
    const hash = await before.hash(PASSWORD);
    expect(await now.verify(hash, PASSWORD)).toEqual({ matches: true, needsRehash: true });
    expect(await now.verify(hash, 'another engine')).toEqual({ matches: false, needsRehash: false });
    expect(await now.hash(PASSWORD)).toMatch(/^\$pepper\$b\$/);
  });

  it.each([[[]], [[FIRST!]]])('made elsewhere ask to be renewed, with peppers %j', async (peppers) => {
    expect(await hashesWith(...peppers).verify(BCRYPT, PASSWORD)).toEqual({ matches: true, needsRehash: true });
    expect((await hashesWith(...peppers).verify(BCRYPT, 'another engine')).matches).toBe(false);
  });

  it('of argon2id that are dearer than an import may bring are not taken, unless new ones cost as much', () => {
    const dear = '$argon2id$v=19$m=262145,t=1,p=1$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es';
    const withOwn = (passwordHashMemoryKib: number) => {
      const options = Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', passwordHashMemoryKib });
      const hasher = new Argon2Hasher(options);
      return [new PasswordHashes(hasher, new Peppers(options), foreignHashes).canVerify(dear), hasher.owns(dear)];
    };
    // What is stored is still verified: new hashes may have cost as much before.
    expect([withOwn(64), withOwn(262_145)]).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it('are taken from elsewhere when a user could log in by them, and else are not', () => {
    expect(hashesWith().canVerify(BCRYPT)).toBe(true);
    expect(hashesWith().canVerify('$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHM')).toBe(true);
    for (const odd of ['', PASSWORD, '{SSHA}abc', '$2b$31$abc']) expect(hashesWith().canVerify(odd)).toBe(false);
  });

  it.each([['a', 'key'], ['a:short'], ['a:', `b:${'A'.repeat(43)}`], [FIRST!, FIRST!]])(
    'cannot be configured with the peppers %j',
    (...peppers) => {
      expect(() => hashesWith(...peppers)).toThrow(/PASSWORD_PEPPERS|passwordPeppers/);
    },
  );
});
