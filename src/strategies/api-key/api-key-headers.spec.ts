import { bearerTokens } from '../../access/bearer-tokens.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { apiKeyTickets, hasApiKeyShape } from './api-key-headers.js';

const request = (headers: object, more: object = {}) => ({ method: 'GET', url: '/', headers, ...more }) as HttpRequest;
const values = (headers: object, more?: object) => {
  const sent = request(headers, more);
  return apiKeyTickets(sent, bearerTokens(sent).filter(hasApiKeyShape)).map(({ value }) => value);
};

describe('the key of a request', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ authorization: 'Bearer cck_a' }, ['cck_a']],
    [{ authorization: 'bearer  cck_a' }, ['cck_a']],
    [{ 'x-api-key': 'cck_a' }, ['cck_a']],
    [{ authorization: 'Bearer eyJ' }, []],
    [{ authorization: 'Basic cck_a' }, []],
    [{ authorization: 'cck_a' }, []],
    [{ 'x-api-key': 'Bearer cck_a' }, []],
    [{ 'x-api-key': 'of another system' }, []],
    [{ authorization: 'Bearer eyJ', 'x-api-key': 'cck_a' }, ['cck_a']],
  ])('in %p is %p', (headers, expected) => {
    expect(values(headers)).toEqual(expected);
  });

  it('in both headers, or twice in one, is one that is no key', () => {
    expect(values({ authorization: 'Bearer cck_a', 'x-api-key': 'cck_a' })).toEqual(['cck_a,cck_a']);
    expect(values({ 'x-api-key': 'cck_a, cck_a' })).toEqual(['cck_a, cck_a']);
    const rawHeaders = ['Authorization', 'Bearer cck_a', 'authorization', 'Bearer cck_a'];
    expect(values({ authorization: 'Bearer cck_a' }, { rawHeaders })).toEqual(['cck_a,cck_a']);
  });
});
