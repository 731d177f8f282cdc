import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { ForeignHash } from './foreign-hash.js';

const PLAIN = /^(?:bcrypt\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;
const DJANGO_SHA256 = /^bcrypt_sha256\$(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;
/** About three seconds of a core. */
const MOST_COST = 16;

/**
 * bcrypt, also in Django's two forms. It sees the first 72 bytes of a password only, here as where it comes from; from the first
 * login on, the whole password counts.
 */
export const bcryptHash: ForeignHash = {
  name: 'bcrypt',
  parseHash(hash) {
    const [, plain, cost] = PLAIN.exec(hash) ?? [];
    if (plain !== undefined) return Number(cost) <= MOST_COST ? compareWith(plain) : null;
    const [, ofDigest, digestCost] = DJANGO_SHA256.exec(hash) ?? [];
    if (ofDigest === undefined || Number(digestCost) > MOST_COST) return null;
    const compare = compareWith(ofDigest);
    return (password) => compare(createHash('sha256').update(password).digest('hex'));
  },
};

function compareWith(hash: string) {
  // $2y$ is what PHP calls $2b$.
  const known = hash.replace(/^\$2y/, '$2b');
  return (password: string): Promise<boolean> => bcrypt.compare(password, known);
}
