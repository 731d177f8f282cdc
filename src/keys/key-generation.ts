import { generateKeyPair, type JsonWebKey, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { JwtAlgorithm } from './signing-keys.js';

const generate = promisify(generateKeyPair);

/** A fresh private or secret JWK, and its kid: the thumbprint of RFC 7638, or random bits for a secret key. */
export async function generateSigningJwk(algorithm: JwtAlgorithm): Promise<{ kid: string; jwk: JsonWebKey }> {
  // A thumbprint of a secret would be a hash of it, published.
  if (algorithm === 'HS256') {
    return {
      kid: randomBytes(16).toString('base64url'),
      jwk: { kty: 'oct', k: randomBytes(32).toString('base64url') },
    };
  }
  const { publicKey, privateKey } = await pairFor(algorithm);
  const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }) as JWK);
  return { kid, jwk: privateKey.export({ format: 'jwk' }) };
}

function pairFor(algorithm: Exclude<JwtAlgorithm, 'HS256'>) {
  if (algorithm === 'ES256') return generate('ec', { namedCurve: 'P-256' });
  if (algorithm === 'RS256') return generate('rsa', { modulusLength: 2048 });
  return generate('ed25519');
}
