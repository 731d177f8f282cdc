import { isLoopbackAddress, isLoopbackHost } from './loopback.js';

describe('a loopback host', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'auth.localhost',
    '127.0.0.1',
    '127.9.8.7',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
  ])('is %s', (host) => expect(isLoopbackHost(host)).toBe(true));

  it.each([
    '',
    '0.0.0.0',
    '::',
    '[::]',
    '10.0.0.1',
    '128.0.0.1',
    'example.com',
    'localhost.example.com',
    'notlocalhost',
    '127.0.0.1.example.com',
    '127.1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
  ])('is not %p', (host) => expect(isLoopbackHost(host)).toBe(false));
});

it('a loopback address is one, also on an IPv6 socket', () => {
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true);
  expect(['localhost', '', '10.0.0.1', '::ffff:10.0.0.1'].some(isLoopbackAddress)).toBe(false);
});
