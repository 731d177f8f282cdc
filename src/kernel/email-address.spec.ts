import fc from 'fast-check';
import { canonicalEmail } from './email-address.js';

describe('the canonical form of an e-mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Ada.Lovelace+Tag@Example.COM', 'ada.lovelace+tag@example.com'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ['ada@mail.bücher.xn--p1ai', 'ada@mail.xn--bcher-kva.xn--p1ai'],
    ['ada@fußball.example', 'ada@xn--fuball-cta.example'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['root@localhost', 'root@localhost'],
  ])('of %s is %s', (typed, canonical) => {
    expect(canonicalEmail(typed)).toBe(canonical);
  });

  it('keeps dots and tags of the local part, which may be different mailboxes', () => {
    expect(canonicalEmail('a.b@gmail.com')).not.toBe(canonicalEmail('ab@gmail.com'));
    expect(canonicalEmail('a+x@gmail.com')).not.toBe(canonicalEmail('a@gmail.com'));
  });

  it('has at most 64 characters before the @, 63 in a label, 254 in all', () => {
    expect(canonicalEmail(`${'a'.repeat(64)}@example.com`)).not.toBeNull();
    expect(canonicalEmail(`${'a'.repeat(65)}@example.com`)).toBeNull();
    expect(canonicalEmail(`a@${'b'.repeat(63)}.com`)).not.toBeNull();
    expect(canonicalEmail(`a@${'b'.repeat(64)}.com`)).toBeNull();
    const domain = `${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(50)}.com`;
    expect(canonicalEmail(`${'a'.repeat(254 - domain.length - 1)}@${domain}`)).toHaveLength(254);
    expect(canonicalEmail(`${'a'.repeat(255 - domain.length - 1)}@${domain}`)).toBeNull();
  });

  it('measures the length of the form that is stored, where a short spelling grows', () => {
    expect(canonicalEmail(`${'a'.repeat(60)}@${'ü.'.repeat(30)}${'b'.repeat(60)}.com`)).toBeNull();
  });
});

describe('something that is not exactly one plain address', () => {
  it.each([
    ['several addresses', 'a@x.com,b@y.com'],
    ['two @', 'a@b@example.com'],
    ['a route', '@a.com:b@example.com'],
    ['angle brackets', '<a@example.com>'],
    ['a display name', 'Ada <a@example.com>'],
    ['a semicolon', 'a;b@example.com'],
    ['a quoted local part', '"a b"@example.com'],
    ['an escaped local part', 'a\\b@example.com'],
    ['a comment', 'a(comment)@example.com'],
    ['CR LF', 'a@example.com\r\nbcc: x@evil.com'],
    ['a trailing line feed', 'a@example.com\n'],
    ['NUL', 'a\u0000@example.com'],
    ['surrounding space', ' a@example.com '],
    ['a full-width @', 'a\uff20example.com'],
    ['a small @', 'a\ufe6bexample.com'],
    ['a full-width letter in the domain', 'a@ex\uff41mple.com'],
    ['a full-width dot', 'a@example\uff0ecom'],
    ['an ideographic full stop', 'a@example\u3002com'],
    ['a Kelvin sign in the domain', 'a@\u212aiosk.com'],
    ['a long s in the domain', 'a@example\u017f.com'],
    ['a variation selector in the domain', 'a@exam\ufe0fple.com'],
    ['a combining grapheme joiner', 'a@exam\u034fple.com'],
    ['a soft hyphen', 'a@exam\u00adple.com'],
    ['a zero-width joiner', 'a@exam\u200dple.com'],
    ['a capital sharp s', 'a@fu\u1e9eball.com'],
    ['a ligature in the domain', 'a@\ufb01nance.com'],
    ['a dotless i', 'ad\u0131@example.com'],
    ['an accented local part', 'adá@example.com'],
    ['a lone surrogate', 'a@\ud800.com'],
    ['an IP address', 'a@127.0.0.1'],
    ['a hexadecimal IP address', 'a@0x7f.1'],
    ['an address literal', 'a@[127.0.0.1]'],
    ['a percent-encoded domain', 'a@ex%61mple.com'],
    ['a port', 'a@example.com:25'],
    ['a path', 'a@example.com/x'],
    ['a domain with an underscore', 'a@ex_ample.com'],
    ['a leading hyphen', 'a@-x.com'],
    ['an empty label', 'a@x..com'],
    ['a trailing dot', 'a@example.com.'],
    ['a false A-label', 'a@xn--a.com'],
    ['a leading dot', '.a@example.com'],
    ['two dots', 'a..b@example.com'],
    ['no domain', 'a@'],
    ['no local part', '@example.com'],
    ['no @', 'a'],
    ['nothing', ''],
    ['300 characters', `${'a'.repeat(300)}@example.com`],
  ])('%s is refused', (_what, typed) => {
    expect(canonicalEmail(typed)).toBeNull();
  });

  it.each([null, undefined, 7, true, {}, [], ['a@example.com'], { toString: () => 'a@example.com' }])(
    '%p is refused',
    (value) => {
      expect(canonicalEmail(value)).toBeNull();
    },
  );
});

describe('for any text at all', () => {
  const soup = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })).map(([a, b]) => `${a}@${b}`);

  it('canonicalising twice is canonicalising once, and the result is plain ASCII with one @', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.emailAddress()), (typed) => {
        const canonical = canonicalEmail(typed);
        if (canonical === null) return;
        expect(canonicalEmail(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^[!-?A-~]+@[a-z0-9.-]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
