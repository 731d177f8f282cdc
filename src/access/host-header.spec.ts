import { assertOneHost } from './host-header.js';

const refusal = (...raw: string[]) => {
  try {
    assertOneHost(raw);
    return null;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

describe('the Host of a request', () => {
  it.each(['auth.example.com', 'localhost:3000', '127.0.0.1', '[::1]:3000', '', 'xn--mnchen-3ya.example:'])(
    'may be %p',
    (host) => expect(refusal('Accept', '*/*', 'Host', host)).toBeNull(),
  );

  it.each(['a b', 'user@host', 'host/path', 'a,b:c', '[::1', 'host:port', 'a?b', 'a#b', 'a\\b'])(
    'may not be %p',
    (host) => expect(refusal('Host', host)).toBe('host_field_is_no_host'),
  );

  it('is there once, also where both agree and however it is spelt', () => {
    expect(refusal('Host', 'a', 'hOST', 'a')).toBe('several_host_fields');
    expect(refusal('Accept', 'host', 'X', 'host')).toBeNull();
    expect(assertOneHost(undefined)).toBeUndefined();
  });
});
