import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { scryptKey } from './derived-key.js';
import type { ForeignHash } from './foreign-hash.js';

const FORM =
  /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2}),ss=([A-Za-z0-9+/=_-]*),sk=([A-Za-z0-9+/=_-]+)\$([A-Za-z0-9+/=_-]+)\$([A-Za-z0-9+/=_-]+)$/;
const NO_COUNTER = Buffer.alloc(16);

/**
 * Firebase's: scrypt gives a key, and the hash is the project's signer key encrypted under it (AES-256-CTR). The text names all
 * that `firebase auth:export` and the project's hash parameters say:
 * `$fbscrypt$v=1,n=<memory cost>,r=<rounds>,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<hash>`, each in base64.
 */
export const firebaseScryptHash: ForeignHash = {
  name: 'firebase-scrypt',
  parseHash(hash) {
    const [, exponent, rounds, parallel, separator, signer, salt, expected] = FORM.exec(hash) ?? [];
    if (expected === undefined) return null;
    const derive = scryptKey({
      cost: 2 ** Number(exponent),
      blockSize: Number(rounds),
      parallelization: Number(parallel),
    });
    const [signerKey, ciphertext] = [bytes(signer!), bytes(expected)];
    if (!derive || signerKey.length < 16 || ciphertext.length !== signerKey.length) return null;
    const salted = Buffer.concat([bytes(salt!), bytes(separator!)]);
    return async (password) => {
      const cipher = createCipheriv('aes-256-ctr', await derive(password, salted, 32), NO_COUNTER);
      return timingSafeEqual(Buffer.concat([cipher.update(signerKey), cipher.final()]), ciphertext);
    };
  },
};

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
