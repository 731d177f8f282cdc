import { argon2Hash } from './argon2.hash.js';
import { aspnetIdentityHash } from './aspnet-identity.hash.js';
import { bcryptHash } from './bcrypt.hash.js';
import { firebaseScryptHash } from './firebase-scrypt.hash.js';
import type { ForeignHash } from './foreign-hash.js';
import { pbkdf2Hash } from './pbkdf2.hash.js';
import { prefixedHash } from './prefixed.hash.js';
import { scryptHash } from './scrypt.hash.js';
import { wordpressHash } from './wordpress.hash.js';

/** Forms of hash that can be imported without further set-up; an application may add its own (`FOREIGN_HASHES`). */
export const foreignHashes: readonly ForeignHash[] = [
  argon2Hash,
  bcryptHash,
  scryptHash,
  firebaseScryptHash,
  pbkdf2Hash,
  aspnetIdentityHash,
  wordpressHash,
  prefixedHash,
];
