import { CoseKey } from '../../testing/cose-key.js';
import { importedPasskeysOf } from './imported-passkeys.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const KEY = CoseKey.generate('ES256').publicKey;
const ONE = { credentialId: 'AQIDBAUGBwgJCgsMDQ4PEA', publicKey: KEY.toString('base64url'), counter: 7 };
const read = (passkeys: readonly object[], rpId = 'example.com') =>
  importedPasskeysOf({ rpId, passkeys }, 'example.com', NOW);

describe('imported passkeys', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('of %s are taken over', (algorithm) => {
    const publicKey = CoseKey.generate(algorithm).publicKey.toString('base64url');
    expect(read([{ ...ONE, publicKey }])).toMatchObject([{ publicKey, signatureCount: 7, imported: true }]);
  });

  it('are named, dated and told to browsers as far as that can be shown', () => {
    const told = { name: 'Phone', createdAt: '2020-05-04T09:00:00Z', transports: ['usb', 'Internal!', 'hybrid'] };
    expect(read([{ ...ONE, ...told }])).toMatchObject([
      { name: 'Phone', createdAt: new Date('2020-05-04T09:00:00Z'), transports: ['hybrid', 'usb'] },
    ]);
    expect(read([{ ...ONE, name: 'a\nb', createdAt: '2999-01-01T00:00:00Z', aaguid: 'x' }])).toMatchObject([
      { name: 'Passkey', createdAt: NOW, aaguid: '00000000-0000-0000-0000-000000000000' },
    ]);
  });

  it('are second factors, unless the row says that they were none', () => {
    expect(read([ONE])).toMatchObject([{ automatic: false }]);
    expect(read([{ ...ONE, secondFactor: false }])).toMatchObject([{ automatic: true }]);
    expect(read([{ ...ONE, secondFactor: 'no' }])).toBeNull();
  });

  it('of another domain are not taken over, and nor are those of none', () => {
    expect(read([ONE], 'www.example.com')).toBeNull();
    expect(importedPasskeysOf({ passkeys: [ONE] }, 'example.com', NOW)).toBeNull();
    for (const given of [null, 'x', [], {}, { rpId: 'example.com', passkeys: [] }])
      expect(importedPasskeysOf(given, 'example.com', NOW)).toBeNull();
  });

  it.each([
    ['no id', { credentialId: undefined }],
    ['an empty id', { credentialId: '' }],
    ['an id that is no base64url', { credentialId: 'AQ==' }],
    ['an id of 1024 bytes', { credentialId: Buffer.alloc(1024).toString('base64url') }],
    ['no key', { publicKey: undefined }],
    ['a key that is cut off', { publicKey: KEY.subarray(0, 40).toString('base64url') }],
    ['a point on no curve', { publicKey: pointOnNoCurve() }],
    ['an algorithm that we do not offer', { publicKey: CoseKey.generate('ES384').publicKey.toString('base64url') }],
    ['a negative counter', { counter: -1 }],
    ['a counter that is no number', { counter: Number.NaN }],
    ['a counter of more than 32 bits', { counter: 2 ** 32 }],
  ])('with %s are not taken over, and none beside them', (_what, wrong) => {
    expect(
      read([
        { ...ONE, credentialId: 'AQID' },
        { ...ONE, ...wrong },
      ]),
    ).toBeNull();
  });

  it('that are given twice, or more than a user may have, are not taken over', () => {
    expect(read([ONE, ONE])).toBeNull();
    const many = Array.from({ length: 51 }, (_, i) => ({
      ...ONE,
      credentialId: Buffer.from([i]).toString('base64url'),
    }));
    expect(read(many.slice(1))).toHaveLength(50);
    expect(read(many)).toBeNull();
  });
});

function pointOnNoCurve(): string {
  const moved = Buffer.from(KEY);
  moved[moved.length - 1]! ^= 1;
  return moved.toString('base64url');
}
