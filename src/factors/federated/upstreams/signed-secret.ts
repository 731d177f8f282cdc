import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Clock } from '../../../kernel/clock.js';

/** It is made anew for every request. */
const SECONDS = 600;

/** The parts of a client secret that is a JWT signed by a key of ours. */
export interface SecretParts {
  /** PEM. */
  readonly key: string | null;
  readonly keyId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** A new one at each call. Rejects when the key cannot be read. */
export function signedSecret({ key: pem, keyId, issuer, subject, audience, clock }: SecretParts) {
  const key = p256KeyIn(pem ?? '');
  return async (): Promise<string> => {
    const now = Math.floor(clock.now().getTime() / 1000);
    const claims = { iss: issuer, sub: subject, aud: audience, iat: now, exp: now + SECONDS };
    if (!key) throw new Error('the private key cannot be read');
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: keyId }).sign(key);
  };
}

/** A private key of the curve that ES256 takes; null for any other text. */
export function p256KeyIn(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}
