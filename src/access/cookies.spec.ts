import fc from 'fast-check';
import { cookiesIn } from './cookies.js';

const read = (cookie: string | undefined, name = '__Host-session') => cookiesIn(cookie, name);

/** The rule, as plainly as it can be said. */
function byTheRule(header: string, name: string): string[] {
  const trimmed = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, '');
  return header
    .split(';')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1), pair.includes('=')] as const)
    .filter(([key, , isPair]) => isPair && trimmed(key) === name)
    .map(([, value]) => trimmed(value));
}

describe('the cookies of a request', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, []],
    ['', []],
    ['__Host-session=a', ['a']],
    ['x=1; __Host-session=a; y=2', ['a']],
    ['__Host-session = a ;\t__Host-session=b', ['a', 'b']],
    ['__Host-session=', ['']],
    ['__Host-session', []],
    ['__Host-session=a=b', ['a=b']],
    // Of other names, or inside a value.
    ['x__Host-session=a', []],
    ['__Host-session2=a', []],
    ['x __Host-session=a', []],
    ['x=__Host-session=a', []],
    // A no-break space is no blank: a sibling domain may set this one, and browsers guarantee nothing about its name.
    ['\u00a0__Host-session=forged', []],
    ['__Host-session\u00a0=forged', []],
  ])('in %p are %p', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('are found by the rule, whatever the header', () => {
    const piece = fc.constantFrom('s', 'ss', '=', ';', ' ', '\t', '\u00a0', 'a', 'session');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), fc.constantFrom('s', 'session', 'ss'), (pieces, name) => {
        const header = pieces.join('');
        expect(read(header, name)).toEqual(byTheRule(header, name));
      }),
      { numRuns: 2_000 },
    );
  });
});
