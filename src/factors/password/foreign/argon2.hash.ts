import argon2 from 'argon2';
import type { ForeignHash } from './foreign-hash.js';

const PHC =
  /^(?:argon2)?(\$argon2(?:i|d|id)\$v=(?:16|19)\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,})$/;
const MOST_MEMORY_KIB = 1_048_576;
const MOST_WORK_KIB = 4 * MOST_MEMORY_KIB;

/** argon2i, argon2d and argon2id of whatever cost, RFC 9106, in the PHC form and in Django's. */
export const argon2Hash: ForeignHash = {
  name: 'argon2',
  read(hash) {
    const [, phc, memory, passes] = PHC.exec(hash) ?? [];
    if (phc === undefined) return null;
    const memoryKib = Number(memory);
    if (memoryKib > MOST_MEMORY_KIB || memoryKib * Number(passes) > MOST_WORK_KIB) return null;
    return (password) => argon2.verify(phc, password);
  },
};
