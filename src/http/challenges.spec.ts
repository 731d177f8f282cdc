import { AuthError } from '../kernel/auth-error.js';
import { Challenges } from './challenges.js';

const COOKIE = 'Cookie realm="coatcheck"';
const BEARER = 'Bearer realm="coatcheck"';
const DPOP = 'DPoP algs="ES256"';
const HERE = 'https://example.com';
const missing = new AuthError('forbidden', {
  challenge: { error: 'insufficient_scope', scopes: ['a:read', 'a:write'] },
});

describe('WWW-Authenticate', () => {
  it('asks for everything that is switched on, once, and for a bearer token where nothing can be asked for', () => {
    const error = new AuthError('unauthenticated');
    expect(new Challenges([COOKIE, BEARER, BEARER], HERE).of(error)).toBe(`${COOKIE}, ${BEARER}`);
    expect(new Challenges([], HERE).of(error)).toBe(BEARER);
  });

  it.each(['token_expired', 'session_ended'] as const)('tells clients with tokens of %s', (code) => {
    const told = new Challenges([COOKIE, BEARER], HERE).of(new AuthError(code));
    expect(told).toBe(`${COOKIE}, ${BEARER}, error="invalid_token"`);
  });

  it('is not on other refusals', () => {
    const challenges = new Challenges([BEARER], HERE);
    for (const code of ['forbidden', 'not_found', 'step_up_required', 'unavailable'] as const)
      expect(challenges.of(new AuthError(code))).toBeNull();
  });

  it('names the scopes that a token lacks, and asks for no cookie instead', () => {
    const why = 'error="insufficient_scope", scope="a:read a:write"';
    expect(new Challenges([COOKIE, BEARER, DPOP], HERE).of(missing)).toBe(`${BEARER}, ${why}, ${DPOP}, ${why}`);
    expect(new Challenges([COOKIE], HERE).of(missing)).toBe(`${BEARER}, ${why}`);
    expect(new Challenges(['Bearer'], HERE).of(missing)).toBe(`Bearer ${why}`);
  });

  it.each([
    [HERE, 'https://example.com/.well-known/oauth-protected-resource/mcp'],
    ['https://example.com/id/', 'https://example.com/.well-known/oauth-protected-resource/id/mcp'],
  ])('at %s says where a resource describes itself', (publicUrl, url) => {
    const error = new AuthError('unauthenticated', { challenge: { resource: '/mcp', scopes: ['mcp:use'] } });
    const where = `scope="mcp:use", resource_metadata="${url}"`;
    expect(new Challenges([COOKIE, BEARER], publicUrl).of(error)).toBe(`${COOKIE}, ${BEARER}, ${where}`);
    expect(new Challenges([COOKIE], publicUrl).of(error)).toBe(`${COOKIE}, ${BEARER}, ${where}`);
  });

  it('speaks of proofs of possession to those who send them only', () => {
    const error = new AuthError('unauthenticated', { challenge: { error: 'invalid_dpop_proof' } });
    expect(new Challenges([BEARER, DPOP], HERE).of(error)).toBe(`${BEARER}, ${DPOP}, error="invalid_dpop_proof"`);
  });
});
