import { createHook } from 'node:async_hooks';
import { foreignHashes } from './foreign-hashes.js';
import { pepperedBcryptHash } from './prefixed.hash.js';

const PASSWORD = 'an engine weaves algebra';

/** Made by other tools: Python's hashlib, the system's crypt(3), the reference argon2; Firebase's is the one its documents give. */
const MADE_ELSEWHERE: readonly (readonly [tool: string, hash: string, password?: string])[] = [
  ['Django pbkdf2_sha256', 'pbkdf2_sha256$260000$seaSalt4Ada$JUbUivsAXZzRBmYI+B9VRqAGEYq0Z9RLErTQjAi23g8='],
  ['Django pbkdf2_sha1', 'pbkdf2_sha1$260000$seaSalt4Ada$sT6pxkpEW5XeAZ8PmrAy0130Gmc='],
  [
    'Django scrypt',
    'scrypt$16384$seaSalt4Ada$8$5$jKaWF032uo8JjosGPlivAAFGmTJXds6RLI6p4hau21oHEpplftX/P6ycoJa3+tIx/n2td8U5jqfIBTATDclThQ==',
  ],
  ['Django bcrypt', 'bcrypt$$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
  ['Django bcrypt_sha256', 'bcrypt_sha256$$2b$05$abcdefghijklmnopqrstuuiTaMCbDM6hGppEGXhhQiNBDyRD4RgNG'],
  ['Django argon2', 'argon2$argon2id$v=19$m=4096,t=3,p=2$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es'],
  [
    'Werkzeug scrypt',
    'scrypt:32768:8:1$seaSalt4Ada$bf45b6499745d1977e35a8a4b08de00084c8d3697a6b5ce426dfa3205cf9a85e1cd3397384609f87fc756ff4582200f3b81bd1782d7588383fb7cfa5b44f1b4c',
  ],
  [
    'Werkzeug pbkdf2',
    'pbkdf2:sha256:260000$seaSalt4Ada$2546d48afb005d9cd1066608f81f5546a006118ab467d44b12b4d08c08b6de0f',
  ],
  ['passlib pbkdf2-sha256', '$pbkdf2-sha256$29000$AQIDBAUGBwgJCgsMDQ4PEA$YgHKRJDt7BS6fvdsFrfQEFu1azhv9Yj5r.Iq5jbm9cU'],
  [
    'passlib pbkdf2-sha512',
    '$pbkdf2-sha512$25000$AQIDBAUGBwgJCgsMDQ4PEA$Ve7834JvvJ5tUXY0K4gabvxPkQYYd5hhgpC3/Q2HxwYAPYJKj9NL0STZp5QVQK7heKoqzFllenDxY9ojfP2Kwg',
  ],
  [
    'Keycloak pbkdf2, in the form of passlib',
    '$pbkdf2$20000$AAECAwQFBgcICQoLDA0ODw$.YRLX4Do8gxsFLEmaHRcuL7o7X8LEVqW0aVnz8ZrFX7YxeZdWzlwsapM1/.RIAVPNc/yC3Qa2vF3hgoPHD3GjA',
  ],
  [
    'Keycloak pbkdf2-sha256, of 64 bytes',
    '$pbkdf2-sha256$27500$AAECAwQFBgcICQoLDA0ODw$7BdRPNFX5wD.iXH2/xGRm86bt9F9ilS7T0wWKDa2YAqRicFbrj1QhOUoFuoBrNDDK7fbcypQmv3Fuqx15qFZEA',
  ],
  ['PHC scrypt', '$scrypt$ln=15,r=8,p=1$AQIDBAUGBwgJCgsMDQ4PEA$zzDZsJv6kdJxfB2etrc05IFYfHIC46b40j09ionJ1Sw'],
  [
    'better-auth scrypt',
    '00112233445566778899aabbccddeeff:6571b4768cbcc8a7c7460b17fdaca414e0c6aaf7ea07e8396d216212fc62b82969c46ea79ffbb3d8a6801694f7d7beb854f4a3862791c10d49abfe7fee953c83',
  ],
  [
    'ASP.NET Identity 3, SHA-256',
    'AQAAAAEAACcQAAAAEAECAwQFBgcICQoLDA0ODxDv+JMlJ65DgvexvuA1HZy2H8UhEWhbLB2DPzmtWk1/IQ==',
  ],
  [
    'ASP.NET Identity 3, SHA-512',
    'AQAAAAIAAYagAAAAEAECAwQFBgcICQoLDA0ODxAr9RFzw/BGirpR4DCy/m71ZFyNl8l8z1aiaLVNKiuPjA==',
  ],
  ['ASP.NET Identity 2', 'AAECAwQFBgcICQoLDA0ODxBycM0Zf0rFOKuSdTZJnJyrHhXXY5JZnJfxkuVfz7QV1w=='],
  ['bcrypt $2b$', '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
  ['bcrypt $2a$', '$2a$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
  ['bcrypt $2y$', '$2y$10$abcdefghijklmnopqrstuuzUATDYfztBNMAUUqdjYCdgjuZRA/w62'],
  ['argon2i', '$argon2i$v=19$m=4096,t=3,p=2$c2VhU2FsdDRBZGE$9jqs9nv4wX10GVaowvW+7xeVHv2w3lZhduqZb6SWyDA'],
  ['argon2d', '$argon2d$v=19$m=4096,t=3,p=2$c2VhU2FsdDRBZGE$oaJXKwCvzyiXYSntrGzCtiCg61Yg2jQXWE9D/BAX+/c'],
  ['argon2i of version 1.0', '$argon2i$v=16$m=4096,t=3,p=1$c2VhU2FsdDRBZGE$HGaj6qFIFaqKjQrp4klCYdRNgR8l1pMD'],
  [
    'Firebase scrypt',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    'user1password',
  ],
  // The one of phpass's own test program.
  ['phpass $P$', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0', 'test12345'],
  ['phpass $P$, of many rounds', '$P$CseaSalt40f4zae4xXOLco6gWYmHRZ0'],
  ['phpBB $H$', '$H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0', 'test12345'],
  ['WordPress 6.8', '$wp$2y$05$abcdefghijklmnopqrstuuNzQ/u6WKz2AZa7JhysoL9K4UDV5eRJK'],
  ['LDAP {SSHA}', '{SSHA}TKif92ciPFWOtb4PrCTtO59wTogAAQIDBAUGBw=='],
  ['LDAP {SSHA256}', '{SSHA256}r1CdSxgUPNUfIFdziL2R16W287V9Hh2Yi99QFQcrvbEAAQIDBAUGBw=='],
  [
    'LDAP {SSHA512}',
    '{SSHA512}fpb1KJ4TorIxVGvxyGEV6enFzazH/0YdHRjRtAiH0PQwMhwpDgm4VcwM6XweolcK7r8j7T6T5eYD4+7UAlxnLAABAgMEBQYH',
  ],
  ['Spring {bcrypt}', '{bcrypt}$2a$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
  ['LDAP {CRYPT}', '{CRYPT}$2y$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
  [
    'Spring {argon2}',
    '{argon2}$argon2i$v=19$m=4096,t=3,p=2$c2VhU2FsdDRBZGE$9jqs9nv4wX10GVaowvW+7xeVHv2w3lZhduqZb6SWyDA',
  ],
];

const samples = MADE_ELSEWHERE.map(([tool, hash, password = PASSWORD]) => ({ tool, hash, password }));

function read(hash: string) {
  for (const form of foreignHashes) {
    const check = form.parseHash(hash);
    if (check) return check;
  }
  return null;
}

describe('a hash made elsewhere', () => {
  it.each(samples)('$tool takes its password and no other', async ({ hash, password }) => {
    const check = read(hash)!;
    expect(await check(password)).toBe(true);
    for (const wrong of ['', `${password}.`, password.toUpperCase(), hash]) expect(await check(wrong)).toBe(false);
  });

  it.each(samples)('$tool is read by one form only', ({ hash }) => {
    expect(foreignHashes.filter((form) => form.parseHash(hash) !== null)).toHaveLength(1);
  });

  it.each(samples)('$tool is not read when it is cut, or lengthened', ({ hash }) => {
    for (const damaged of [`${hash}\n`, ` ${hash}`, `${hash}$`, hash.slice(0, 12)]) expect(read(damaged)).toBeNull();
  });

  it.each([
    ['memory', '$argon2id$v=19$m=4194304,t=1,p=1$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es'],
    [
      'memory for a container',
      '$argon2id$v=19$m=262145,t=1,p=1$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es',
    ],
    ['work for a second', '$argon2i$v=19$m=262144,t=5,p=1$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es'],
    ['passes', '$argon2id$v=19$m=1048576,t=99,p=1$c2VhU2FsdDRBZGE$0xsVFITAyP5YAHbFA9tOEmNWSsaKh3/VyC0vMOYy5Es'],
    ['bcrypt cost', '$2b$31$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S'],
    ['scrypt memory', '$scrypt$ln=24,r=8,p=1$AQIDBAUGBwgJCgsMDQ4PEA$zzDZsJv6kdJxfB2etrc05IFYfHIC46b40j09ionJ1Sw'],
    ['scrypt lanes', '$scrypt$ln=17,r=8,p=16$AQIDBAUGBwgJCgsMDQ4PEA$zzDZsJv6kdJxfB2etrc05IFYfHIC46b40j09ionJ1Sw'],
    ['iterations', 'pbkdf2_sha256$99999999$seaSalt4Ada$JUbUivsAXZzRBmYI+B9VRqAGEYq0Z9RLErTQjAi23g8='],
    ['iterations of each block of a long key', `$pbkdf2$1000000$AQIDBAUGBwgJCgsMDQ4PEA$${'A'.repeat(170)}`],
    ['no iterations', 'pbkdf2_sha256$0$seaSalt4Ada$JUbUivsAXZzRBmYI+B9VRqAGEYq0Z9RLErTQjAi23g8='],
    ['a key that anything matches', '$pbkdf2-sha256$29000$AQIDBAUGBwgJCgsMDQ4PEA$YgHK'],
    ['a cost that is no power of two', 'scrypt$16383$seaSalt4Ada$8$1$jKaWF032uo8JjosGPlivAAFGmTJXds6RLI6p4hau21o='],
    ['lengths beyond its end', 'AQAAAAEAACcQAAD/////AgMEBQYHCAkKCwwNDg8Q7/iTJSeuQ4L3sb7gNR2cth/FIRFo'],
  ])('is not read with too much work, or too little: %s', (_what, hash) => {
    expect(read(hash)).toBeNull();
  });

  it('bcrypt sees the first 72 bytes only, as where it comes from', async () => {
    const { default: bcrypt } = await import('bcrypt');
    const check = read(await bcrypt.hash('x'.repeat(72), 4))!;
    expect(await check(`${'x'.repeat(72)}y`)).toBe(true);
    expect(await check('x'.repeat(71))).toBe(false);
  });
});

it('phpass of many rounds is computed in a thread of its own, where no other request waits for it; of few it is not', async () => {
  const started: string[] = [];
  const hook = createHook({ init: (_id, type) => type === 'WORKER' && started.push(type) }).enable();
  try {
    expect(await read('$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0')!('test12345')).toBe(true);
    expect(started).toEqual([]);
    expect(await read('$P$CseaSalt40f4zae4xXOLco6gWYmHRZ0')!(PASSWORD)).toBe(true);
    expect(started).toEqual(['WORKER']);
  } finally {
    hook.disable();
  }
});

describe('blanks at the ends of a password', () => {
  it.each(samples.filter(({ tool }) => /^(php|WordPress|Django bcrypt$|bcrypt \$2y)/.test(tool)))(
    'are part of it with $tool, unless it is WordPress, which trims them',
    async ({ tool, hash, password }) => {
      const isTrimmed = /^(phpass|WordPress)/.test(tool);
      for (const padded of [` ${password}`, `${password}\n`]) expect(await read(hash)!(padded)).toBe(isTrimmed);
    },
  );
});

describe('bcrypt with a pepper', () => {
  const PEPPERED = '{pepper}$2a$05$abcdefghijklmnopqrstuuAFOuXkq6fY5q9NLDt.f4HsbjPxoxqaC';

  it('is verified with it, and with no other', async () => {
    expect(await pepperedBcryptHash('a pepper').parseHash(PEPPERED)!(PASSWORD)).toBe(true);
    expect(await pepperedBcryptHash('a pepper').parseHash(PEPPERED)!('another engine')).toBe(false);
    expect(await pepperedBcryptHash('another').parseHash(PEPPERED)!(PASSWORD)).toBe(false);
  });

  it('is of unknown form where there is none', () => {
    expect(read(PEPPERED)).toBeNull();
    expect(pepperedBcryptHash('a pepper').parseHash(PEPPERED.slice(8))).toBeNull();
  });
});

it.each([
  '$P$Z12345678abcdefghijklmnopqrstuv',
  '{SSHA}AAAA',
  '{SSHA999}AAAAAAAAAAAA',
  '$wp$2y$31$abc',
  '{bcrypt}plain',
])('what asks for absurd work, or is cut off, is of unknown form: %s', (hash) => {
  expect(read(hash)).toBeNull();
});
