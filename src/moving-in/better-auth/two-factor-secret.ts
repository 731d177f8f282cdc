import { createHash } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { managedNonce } from '@noble/ciphers/utils.js';
import { base32 } from '../base32.js';

/** Of a ciphertext under one of several secrets: `$ba$<version>$<hex>`. */
const VERSIONED = /^\$ba\$(\d{1,9})\$([0-9a-f]+)$/;
const BARE = /^[0-9a-f]+$/;
/** Before a secret that better-auth itself has taken over from elsewhere. */
const IMPORTED = 'base32:';

/**
 * The secret of an authenticator app as better-auth keeps it: XChaCha20-Poly1305 under the SHA-256 of a secret of the application, in hexadecimal, the nonce first.
 *
 * @param secrets `BETTER_AUTH_SECRET`, or `BETTER_AUTH_SECRETS` (`2:…,1:…`)
 * @returns in base32; null where none of the secrets opens it
 */
export function openTwoFactorSecret(stored: string, secrets: string): string | null {
  const [, version, sealed] = VERSIONED.exec(stored) ?? [undefined, undefined, BARE.exec(stored)?.[0]];
  if (sealed === undefined) return null;
  for (const secret of candidates(secrets, version)) {
    const text = opened(Buffer.from(sealed, 'hex'), secret);
    if (text !== null)
      return text.startsWith(IMPORTED) ? text.slice(IMPORTED.length).toUpperCase() : base32(Buffer.from(text));
  }
  return null;
}

function candidates(secrets: string, version: string | undefined): string[] {
  const listed = secrets.split(',').map((entry) => /^\s*(\d{1,9}):(.+?)\s*$/.exec(entry));
  const versioned = listed.flatMap((entry) =>
    entry && (version === undefined || entry[1] === version) ? [entry[2]!] : [],
  );
  return [...versioned, secrets];
}

function opened(sealed: Uint8Array, secret: string): string | null {
  try {
    const cipher = managedNonce(xchacha20poly1305)(createHash('sha256').update(secret).digest());
    return new TextDecoder('utf-8', { fatal: true }).decode(cipher.decrypt(sealed));
  } catch {
    return null;
  }
}
