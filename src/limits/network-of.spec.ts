import { networkOf, siteOf } from './network-of.js';

describe('the network a client is counted by', () => {
  it('is one for a thousand addresses of one /64, and another for the next', () => {
    const addresses = Array.from(
      { length: 1000 },
      (_, i) => `2001:db8:1:2:${(i * 7919).toString(16).slice(-4)}::${i.toString(16)}`,
    );
    expect(new Set(addresses.map(networkOf))).toEqual(new Set(['2001:db8:1:2::/64']));
    expect(networkOf('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64');
  });

  it.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8:0000:0000:ffff::', '2001:db8::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::2'],
  ])('is the same for %s and %s', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });

  it('keeps two clients of IPv4 apart, mapped or not', () => {
    const networks = ['192.0.2.7', '192.0.2.8', '::ffff:192.0.2.9', '64:ff9b::192.0.2.10'].map(networkOf);
    expect(networks).toEqual(['192.0.2.7', '192.0.2.8', '192.0.2.9', '192.0.2.10']);
  });

  it.each(['', 'unknown', '1.2.3.4:5555', '"x"', 'a'.repeat(500)])('is none for %j', (text) => {
    expect(networkOf(text)).toBeNull();
  });
});

describe('L-14: the site a client is counted by', () => {
  it('is one for all networks of a /48, and another for the next', () => {
    const sites = Array.from({ length: 40 }, (_, i) => siteOf(`2001:db8:1:${i.toString(16)}::1`));
    expect(new Set(sites)).toEqual(new Set(['2001:db8:1::/48']));
    expect(siteOf('2001:db8:2::1')).toBe('2001:db8:2::/48');
  });

  it.each(['192.0.2.7', '::ffff:192.0.2.7', '64:ff9b::192.0.2.7', '', 'unknown'])('is none for %j', (text) => {
    expect(siteOf(text)).toBeNull();
  });
});
