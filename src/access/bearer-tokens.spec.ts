import type { HttpRequest } from '../edge/http-exchange.js';
import { authorizationsOf, bearerTokens, dpopTokensIn } from './bearer-tokens.js';

const request = (headers: object, more: object = {}) => ({ method: 'GET', url: '/', headers, ...more }) as HttpRequest;

describe('the bearer tokens of a request', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, []],
    ['Bearer abc', ['abc']],
    ['bearer   abc', ['abc']],
    ['Bearer', ['']],
    ['Bearer a b', ['a b']],
    ['Basic abc', []],
    ['Bearerabc', []],
    ['Bearer \t abc', ['abc']],
    ['Bearer ', ['']],
    ['Bearer abc ', ['abc ']],
  ])('in %p are %p', (authorization, expected) => {
    expect(bearerTokens(request({ authorization }))).toEqual(expected);
  });

  it.each<[string | undefined, string[]]>([
    ['DPoP abc', ['abc']],
    ['dpop \t abc', ['abc']],
    ['DPoP', ['']],
    ['DPoPabc', []],
    ['Bearer abc', []],
    [undefined, []],
  ])('in %p are not those of DPoP, which are %p', (authorization, expected) => {
    expect(dpopTokensIn(authorizationsOf(request({ authorization })))).toEqual(expected);
    expect(bearerTokens(request({ authorization }))).toEqual(authorization?.startsWith('Bearer') ? ['abc'] : []);
  });

  it('are all that were sent, though Node shows the first only', () => {
    const rawHeaders = ['Host', 'x', 'Authorization', 'Bearer one', 'authorization', 'Bearer two'];
    const headers = { authorization: 'Bearer one' };
    expect(bearerTokens(request(headers, { rawHeaders }))).toEqual(['one', 'two']);
    expect(bearerTokens(request(headers, { raw: { rawHeaders } }))).toEqual(['one', 'two']);
  });
});
