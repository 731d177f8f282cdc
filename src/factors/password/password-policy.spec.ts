import fc from 'fast-check';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { BreachCheck } from './breached/breach-check.js';
import { NoBreachedPasswords } from './breached/breached-passwords.js';
import { commonPasswords } from './common-passwords.js';
import { passwordOptions } from './password-options.js';
import { canBePassword, PasswordPolicy } from './password-policy.js';

const policyWith = (given: object = {}) => {
  const options = Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', ...given });
  return new PasswordPolicy(new BreachCheck(new NoBreachedPasswords(), options), options);
};
const ada = { email: 'ada.lovelace@analytical-engines.example', name: 'Ada King Lovelace' };

/** The violated rule; null when the password will do. */
async function ruleOf(password: string, owner = ada as { email: string; name: string | null }, policy = policyWith()) {
  const error = await policy.assertAcceptable(password, owner).then(
    () => null,
    (thrown) => thrown,
  );
  if (error === null) return null;
  expect(error).toBeInstanceOf(AuthError);
  expect(error.code).toBe('validation_failed');
  expect(error.errors).toEqual([
    { field: 'password', rule: expect.any(String), message: expect.stringMatching(/^password /) },
  ]);
  return error.errors[0].rule;
}

describe('the length of a password', () => {
  it.each([
    ['7 letters', 'qzxwvjk', 'tooShort'],
    ['8 letters', 'qzxwvjkp', null],
    ['7 emoji', '😀🚀🌵🧊🪐🎷🦑', 'tooShort'],
    ['8 emoji', '😀🚀🌵🧊🪐🎷🦑🥝', null],
    ['nothing', '', 'tooShort'],
    ['256 emoji', '😀'.repeat(256), null],
    ['257 emoji', '😀'.repeat(257), 'tooLong'],
    ['257 letters', 'q'.repeat(257), 'tooLong'],
    ['10 MiB', 'q'.repeat(10 * 1024 * 1024), 'tooLong'],
  ])('of %s counts in code points', async (_what, password, rule) => {
    expect(await ruleOf(password)).toBe(rule);
  });

  it('is configurable: 14 of 15 is too short, and 65 of 64 too long', async () => {
    const policy = policyWith({ passwordMinLength: 15, passwordMaxLength: 64 });
    expect(await ruleOf('weaves algebra', ada, policy)).toBe('tooShort');
    expect(await ruleOf('weaves algebras', ada, policy)).toBeNull();
    expect(await ruleOf('weaves algebras '.repeat(4), ada, policy)).toBeNull();
    expect(await ruleOf(`${'weaves algebras '.repeat(4)}x`, ada, policy)).toBe('tooLong');
  });

  it('cannot be configured below 8', () => {
    expect(() => policyWith({ passwordMinLength: 7 })).toThrow(/PASSWORD_MIN_LENGTH/);
  });
});

describe('the characters of a password', () => {
  it.each([
    ['spaces alone', ' '.repeat(64)],
    ['lower case alone', 'an engine weaves algebraic patterns'],
    ['any script', 'пароль не простой это'],
    ['combining marks', 'cafe\u0301 au lait noir'],
    ['quotes and markup', `'"<script>-- \\ %00`],
    ['tabs and line breaks', 'a\tb\r\nc d e f'],
  ])('may be %s', async (_what, password) => {
    expect(await ruleOf(password)).toBeNull();
  });

  it.each([
    ['a high surrogate alone', 'qzxwvjkp\ud800'],
    ['a low surrogate alone', '\udc00qzxwvjkp'],
    ['NUL', 'qzxw\0vjkp'],
  ])('may not be %s', async (_what, password) => {
    expect(await ruleOf(password)).toBe('wellFormed');
    expect(canBePassword(password)).toBe(false);
  });

  it('never make the policy fail otherwise than by refusing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (password) => {
        await ruleOf(password);
      }),
    );
  });
});

describe('a common password', () => {
  it.each([
    'password',
    '12345678',
    'qwertyuiop',
    'iloveyou',
    'PASSWORD',
    'Password1',
    'Password1!',
    'password2026',
    'P@ssw0rd',
    'p4ssw0rd!',
    'l3tmein!!',
    'Trustno1',
    'Dragon1!',
    'Qwerty123!',
  ])('%s is refused', async (password) => {
    expect(await ruleOf(password)).toBe('tooCommon');
  });

  it('is refused, each one of the list that is long enough', async () => {
    const stranger = { email: 'q@q', name: null };
    const policy = policyWith();
    const long = [...(await commonPasswords())].filter((password) => [...password].length >= 8);
    expect(long.length).toBeGreaterThan(10_000);
    for (const password of long)
      await expect(policy.assertAcceptable(password, stranger)).rejects.toThrow('password_tooCommon');
  });

  it.each(['correct horse battery', 'password of my grandmother', 'dragonfly over the lake', 'xK9$mQ2&'])(
    'may be part of a good one: %s',
    async (password) => {
      expect(await ruleOf(password)).toBeNull();
    },
  );
});

describe('a personal password', () => {
  it.each([
    'ada.lovelace',
    'AdaLovelace',
    'lovelace1843',
    'L0v3l4ce!!',
    'Lovelace-Ada',
    'Ada King Lovelace',
    'analytical-engines',
    'AnalyticalEngines1',
    '@n4lyt1c4l3ng1n35',
    'ada.lovelace@analytical-engines.example',
    'coatcheck',
    'Coatcheck1!',
    'c04tch3ck',
    '1coatcheck1',
    'coatcheckcoatcheck',
  ])('%s is refused', async (password) => {
    expect(await ruleOf(password)).toBe('personal');
  });

  it.each(['lovelace weaves algebra', 'my coatcheck is full', 'an engine weaves algebra'])(
    'may be part of a good one: %s',
    async (password) => {
      expect(await ruleOf(password)).toBeNull();
    },
  );

  it('is another user’s business', async () => {
    expect(await ruleOf('analytical-engines', { email: 'grace@example.com', name: null })).toBeNull();
  });
});
