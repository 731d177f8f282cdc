import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { twinOf } from './certificate-twin.js';

const CURVES = [
  ['P-256', 'prime256v1', 'SHA-256'],
  ['P-384', 'secp384r1', 'SHA-384'],
  ['P-521', 'secp521r1', 'SHA-512'],
] as const;

describe.each(CURVES)('a certificate signed by ECDSA on %s', (namedCurve, curve, digest) => {
  it('has a twin, whose twin it is, that the same key has signed', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { der, issuer } = await certificate(namedCurve, digest);
      const twin = twinOf(der, curve)!;
      expect(twin.equals(der)).toBe(false);
      const native = new X509Certificate(twin);
      expect(native.raw.equals(twin)).toBe(true);
      expect(native.verify(issuer.publicKey)).toBe(true);
      expect(twinOf(twin, curve)).toEqual(der);
    }
  });
});

it('a certificate that is not signed by ECDSA has no twin', () => {
  expect(twinOf(Buffer.from('3000', 'hex'), undefined)).toBeNull();
});

async function certificate(namedCurve: string, digest: string) {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=a', keys, signingAlgorithm: { name: 'ECDSA', hash: digest } },
    webcrypto as never,
  );
  const der = Buffer.from(made.rawData);
  return { der, issuer: new X509Certificate(der) };
}
