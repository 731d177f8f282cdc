import { createPublicKey, verify } from 'node:crypto';
import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { encodeCbor } from './cbor.js';
import { COSE_ALGORITHMS, type CoseAlgorithm, CoseKey } from './cose-key.js';
import { SoftwareAuthenticator } from './software-authenticator.js';

const ORIGIN = 'https://example.com';
const challenge = Buffer.alloc(32, 7).toString('base64url');
const creation = { challenge, rp: { id: 'example.com' }, user: { id: 'AQID' } };

const registered = (credential: object) =>
  verifyRegistrationResponse({
    response: credential as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: ORIGIN,
    expectedRPID: 'example.com',
    supportedAlgorithmIDs: Object.values(COSE_ALGORITHMS),
  });

describe('the software authenticator', () => {
  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [500, '1901f4'],
    [100_000, '1a000186a0'],
    [-1, '20'],
    [-257, '390100'],
    ['a', '6161'],
    [Buffer.from([1, 2]), '420102'],
    [[1, [2]], '82018102'],
    [new Map([[1, 2]]), 'a10102'],
  ])('writes %p in CBOR as RFC 8949 has it', (value, hex) => {
    expect(encodeCbor(value).toString('hex')).toBe(hex);
  });

  it.each(Object.keys(COSE_ALGORITHMS) as CoseAlgorithm[])('registers and proves by %s', async (algorithm) => {
    const authenticator = new SoftwareAuthenticator({ origin: ORIGIN, algorithm, synced: false });
    const { registrationInfo } = await registered(authenticator.create(creation, { attestation: 'self' }));
    expect(registrationInfo).toMatchObject({ fmt: 'packed', userVerified: true, credentialDeviceType: 'singleDevice' });
    const response = authenticator.get({ challenge, rpId: 'example.com' }) as unknown as AuthenticationResponseJSON;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ORIGIN,
      expectedRPID: 'example.com',
      credential: registrationInfo!.credential,
    });
    expect([verified, authenticationInfo.newCounter]).toEqual([true, 1]);
  });

  it('signs what only its key can have signed', () => {
    const key = CoseKey.generate('EdDSA');
    const x = key.publicKey.subarray(-32).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const data = Buffer.from('data');
    expect(verify(null, data, publicKey, key.sign(data))).toBe(true);
  });

  it.each([
    ['another ceremony', { clientData: { type: 'webauthn.get' } }],
    ['another origin', { clientData: { origin: 'https://example.com:444' } }],
    ['another relying party', { rpId: 'example.org' }],
    ['no person there', { userPresent: false }],
    ['backed up, though not eligible', { backupEligible: false, backedUp: true }],
    ['a broken attestation', { attestation: 'tampered' as const }],
    ['another id', { credential: { rawId: 'AAAA' } }],
  ])('misbehaves when told to: %s', async (_what, wrong) => {
    const credential = new SoftwareAuthenticator({ origin: ORIGIN }).create(creation, wrong);
    const outcome = await registered(credential).then(
      ({ verified }) => verified,
      () => false,
    );
    expect(outcome).toBe(false);
  });
});
