import { pageProblem, readClientData } from './client-data.js';

const ORIGIN = 'https://example.com';
const wanted = { type: 'webauthn.get', origins: [ORIGIN, 'android:apk-key-hash:abc'], topOrigins: [] };
const framed = { ...wanted, topOrigins: ['https://partner.example'] };
const page = { type: 'webauthn.get', challenge: 'c', origin: ORIGIN };
const encoded = (text: string) => Buffer.from(text).toString('base64url');

describe('the page a ceremony ran on (WAN-02, WAN-09)', () => {
  it.each([
    ['the page itself', page],
    ['an application that was named', { ...page, origin: 'android:apk-key-hash:abc' }],
    ['a browser that says it is not framed', { ...page, crossOrigin: false }],
  ])('is taken: %s', (_what, clientData) => {
    expect(pageProblem(clientData, wanted)).toBeNull();
  });

  it.each([
    ['another ceremony', { ...page, type: 'webauthn.create' }, 'other_ceremony'],
    ['a type that is no text', { ...page, type: ['webauthn.get'] }, 'other_ceremony'],
    ['another scheme', { ...page, origin: 'http://example.com' }, 'other_origin'],
    ['another port', { ...page, origin: `${ORIGIN}:8443` }, 'other_origin'],
    ['a subdomain', { ...page, origin: 'https://www.example.com' }, 'other_origin'],
    ['a look-alike', { ...page, origin: 'https://example.com.evil.example' }, 'other_origin'],
    ['a trailing slash', { ...page, origin: `${ORIGIN}/` }, 'other_origin'],
    ['capitals', { ...page, origin: 'https://EXAMPLE.com' }, 'other_origin'],
    ['no origin', { ...page, origin: undefined }, 'other_origin'],
    ['a list with the right one', { ...page, origin: [ORIGIN] }, 'other_origin'],
    ['a frame', { ...page, crossOrigin: true }, 'framed'],
    ['a frame of a known site', { ...page, crossOrigin: true, topOrigin: ORIGIN }, 'framed'],
    ['a frame said by a text', { ...page, crossOrigin: 'false' }, 'cross_origin_malformed'],
    ['a page above without a frame', { ...page, topOrigin: ORIGIN }, 'top_origin_without_frame'],
  ])('is refused: %s', (_what, clientData, problem) => {
    expect(pageProblem(clientData, wanted)).toBe(problem);
  });

  it('may be framed by a site that was configured, and by no other', () => {
    const inFrame = { ...page, crossOrigin: true };
    expect(pageProblem({ ...inFrame, topOrigin: 'https://partner.example' }, framed)).toBeNull();
    expect(pageProblem(inFrame, framed)).toBeNull();
    expect(pageProblem({ ...inFrame, topOrigin: 'https://evil.example' }, framed)).toBe('other_top_origin');
  });
});

describe('client data', () => {
  it('are read as JSON in UTF-8 in base64url', () => {
    expect(readClientData(encoded('{"type":"é"}'))).toEqual({ type: 'é' });
  });

  it.each([
    ['no base64url', '{"type":"x"}'],
    ['padded', `${encoded('{"a":1}')}==`],
    ['no JSON', encoded('{"type"')],
    ['no object', encoded('[1]')],
    ['null', encoded('null')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('base64url')],
    ['nothing', ''],
  ])('are refused: %s', (_what, text) => {
    expect(readClientData(text)).toBeNull();
  });
});
