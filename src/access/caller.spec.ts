import { inspect } from 'node:util';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Callers } from './caller.js';
import { NoCertificateBinding } from './certificate-binding.js';

const callers = new Callers(new NoCertificateBinding());
const request = (more: Partial<HttpRequest>): HttpRequest => ({ method: 'POST', url: '/x', headers: {}, ...more });

describe('a caller', () => {
  it('is, written down, where its request came from and nothing that it carried', () => {
    const headers = { cookie: 'a=secret', authorization: 'Bearer secret', 'user-agent': 'curl', 'x-request-id': 'r-1' };
    const caller = callers.read(request({ ip: '203.0.113.9', headers }));
    const origin = { ip: '203.0.113.9', userAgent: 'curl', requestId: 'r-1' };
    expect(JSON.parse(JSON.stringify(caller))).toEqual(origin);
    expect({ ...caller }).toEqual(origin);
    expect(JSON.parse(JSON.stringify(callers.of(request({ ip: '203.0.113.9', headers }))))).toEqual(origin);
    expect(inspect(caller, { showHidden: true })).not.toContain('secret');
    expect(caller.bearerTokens).toEqual(['secret']);
  });

  it('has each cookie as often as it was sent, and knows none from having none', () => {
    expect(callers.of(request({ headers: { cookie: 'a=1; b=2; a=3' } })).cookies('a')).toEqual(['1', '3']);
    expect(callers.of(request({ headers: { cookie: 'b=2' } }))).toMatchObject({ hasCookies: true });
    const bare = callers.of(request({}));
    expect(bare.hasCookies).toBe(false);
    expect([bare.cookies('a'), bare.bearerTokens, bare.certificate, bare.userAgent]).toEqual([[], [], null, null]);
  });

  it('has the path as it was received, before a host took a prefix off, without its query', () => {
    expect(callers.of(request({ url: '/refresh', originalUrl: '/api/refresh?x=/y' })).path).toBe('/api/refresh');
  });
});
