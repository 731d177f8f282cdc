import fc from 'fast-check';
import { mintSecretToken, parseSecretToken, secretMatches } from './secret-token.js';

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$/;

describe('a secret token', () => {
  it('is read as it was made, and its secret is the one behind the hash', () => {
    const { token, id, secret, secretHash } = mintSecretToken();
    expect(parseSecretToken(token)).toEqual({ id, secret });
    expect(secretMatches(secret, secretHash)).toBe(true);
  });

  it('has exactly one shape: whatever stands elsewhere or instead is refused, in any script', () => {
    const character = fc.oneof(
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      fc.constantFrom(...'0aFgZ-_.~= \n'),
    );
    const changed = fc.tuple(fc.nat(79), character).map(([at, other]) => {
      const { token } = mintSecretToken();
      return token.slice(0, at) + other + token.slice(at + 1);
    });
    fc.assert(
      fc.property(changed, (text) => {
        expect(parseSecretToken(text) !== null).toBe(SHAPE.test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    undefined,
    null,
    5,
    {},
    [],
    '',
    '.',
    'x'.repeat(80),
    `${mintSecretToken().token} `,
    mintSecretToken().token.slice(1),
  ])('is not %j', (given) => {
    expect(parseSecretToken(given)).toBeNull();
  });
});
