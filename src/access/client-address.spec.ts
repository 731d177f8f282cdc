import { isIP } from 'node:net';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { clientAddress, readAddress } from './client-address.js';
import { trustIn } from './trusted-proxies.js';

const requestFrom = (ip: string | undefined, peer?: string) =>
  ({ method: 'GET', url: '/', headers: {}, ip, socket: { remoteAddress: peer } }) as Parameters<
    typeof clientAddress
  >[0];

describe('FR-02, M-10: the address of a client', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4000', '203.0.113.9'],
    ['"203.0.113.9"', '203.0.113.9'],
    ['"203.0.113.9:4000"', '203.0.113.9'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['203.0.113.9:_port-1', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['2001:db8::7', '2001:db8::7'],
    ['2001:0DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['"[2001:db8::7]:443"', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    [`fe80::1%${'z'.repeat(60)}`, 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
  ])('is read out of %j as %s', (written, address) => {
    expect(clientAddress(requestFrom(written, '10.0.0.1'))).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '203.0.113.9:',
    '203.0.113.9:123456',
    '203.0.113.9:x',
    '203.0.113',
    '203.0.113.256',
    '0x7f.0.0.1',
    '017.0.0.1',
    '2130706433',
    '[203.0.113.9]',
    '[2001:db8::7',
    '2001:db8::7]:443',
    '[2001:db8::7]443',
    '[]:443',
    '"',
    '""203.0.113.9""',
    'for=203.0.113.9',
    '203.0.113.9, 203.0.113.10',
    'a'.repeat(10_000),
  ])('is the peer where a proxy wrote %j', (written) => {
    expect(readAddress(written)).toBeNull();
    expect(clientAddress(requestFrom(written, '::ffff:10.0.0.1'))).toBe('10.0.0.1');
  });

  it('is null without a peer only', () => {
    expect(clientAddress(requestFrom(undefined))).toBeNull();
    expect(clientAddress(requestFrom('unknown'))).toBeNull();
  });

  it('L-17: is an address that fits a column of 45 characters, or null, whatever is written', () => {
    const pieces = fc.constantFrom(
      '"',
      '[',
      ']',
      ':',
      '%',
      '.',
      '::',
      'ffff',
      '1',
      '255',
      '2001',
      'db8',
      'x',
      ' ',
      '\0',
      '_',
      'é',
    );
    const odd = fc.array(pieces, { maxLength: 30 }).map((all) => all.join(''));
    const port = fc.constantFrom('', ':0', ':4000', ':65535', ':_a');
    const forms = fc
      .tuple(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6().map((address) => `[${address}]`),
        ),
        port,
      )
      .map(([a, p]) => a + p);
    fc.assert(
      fc.property(fc.oneof(odd, fc.string(), fc.string({ unit: 'binary' }), forms), (written) => {
        const address = clientAddress(requestFrom(written, '10.0.0.1'));
        expect(isIP(address!)).toBeGreaterThan(0);
        expect(address!.length).toBeLessThanOrEqual(45);
        expect(readAddress(address!)).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same for one address in every form', () => {
    const either = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(either, fc.integer({ min: 1, max: 65_535 }), (address, port) => {
        const plain = readAddress(address);
        const ported = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
        expect(plain).not.toBeNull();
        expect([readAddress(ported), readAddress(`"${ported}"`), readAddress(`"${address}"`)]).toEqual([
          plain,
          plain,
          plain,
        ]);
      }),
    );
  });

  it('warns once per proxy of clients that it names by no address, and says nothing that was written', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    for (const written of ['secret-text', 'unknown', '_x']) clientAddress(requestFrom(written, '192.0.2.99'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('192.0.2.99')]]);
    expect(warn.mock.calls[0]![0]).not.toContain('secret-text');
    warn.mockRestore();
  });
});

describe('a trusted proxy', () => {
  it('is known in every form that proxies write, and nothing else is one', () => {
    const isTrusted = trustIn(['10.0.0.0/8', '2001:db8:1::/48']);
    for (const one of ['10.1.2.3', '10.1.2.3:4000', '::ffff:10.1.2.3', '[2001:db8:1::5]:80', '2001:db8:1::5%eth0']) {
      expect([one, isTrusted(one)]).toEqual([one, true]);
    }
    for (const one of ['', 'unknown', '11.1.2.3:4000', '[2001:db8:2::5]:80', '10.1.2.3.4', 'x10.1.2.3']) {
      expect([one, isTrusted(one)]).toEqual([one, false]);
    }
    expect(trustIn([])('127.0.0.1')).toBe(false);
  });
});
