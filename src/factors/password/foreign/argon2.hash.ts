import argon2 from 'argon2';
import { argon2CostOf, isImportable } from '../argon2-cost.js';
import type { ForeignHash } from './foreign-hash.js';

/** argon2i, argon2d and argon2id of whatever cost may be imported, RFC 9106, in the PHC form and in Django's. */
export const argon2Hash: ForeignHash = {
  name: 'argon2',
  parseHash(hash) {
    const phc = hash.replace(/^argon2(?=\$)/, '');
    const cost = argon2CostOf(phc);
    return cost && isImportable(cost) ? (password) => argon2.verify(phc, password) : null;
  },
};
