import { fromBase64, scryptCheck } from './derived-key.js';
import type { ForeignHash, ForeignHashCheck } from './foreign-hash.js';

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/.]+)\$([A-Za-z0-9+/.]+)$/;
const DJANGO = /^scrypt\$(\d{1,8})\$([^$]{1,128})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]+=*)$/;
const WERKZEUG = /^scrypt:(\d{1,8}):(\d{1,2}):(\d{1,2})\$([^$]{1,128})\$([0-9a-f]+)$/;
/** better-auth writes no parameters; these are its own. */
const BETTER_AUTH = /^([0-9a-f]{32}):([0-9a-f]{128})$/;

/** scrypt, RFC 7914, in the PHC form and as Django, Werkzeug and better-auth write it. */
export const scryptHash: ForeignHash = {
  name: 'scrypt',
  parseHash: (hash) => readPhc(hash) ?? readDjango(hash) ?? readWerkzeug(hash) ?? readBetterAuth(hash),
};

function readPhc(hash: string): ForeignHashCheck | null {
  const [, exponent, blockSize, parallelization, salt, key] = PHC.exec(hash) ?? [];
  if (key === undefined) return null;
  return scryptCheck(work(2 ** Number(exponent), blockSize, parallelization), {
    salt: fromBase64(salt!),
    key: fromBase64(key),
  });
}

function readDjango(hash: string): ForeignHashCheck | null {
  const [, cost, salt, blockSize, parallelization, key] = DJANGO.exec(hash) ?? [];
  if (key === undefined) return null;
  const derived = { salt: Buffer.from(salt!), key: Buffer.from(key, 'base64') };
  return scryptCheck(work(cost, blockSize, parallelization), derived);
}

function readWerkzeug(hash: string): ForeignHashCheck | null {
  const [, cost, blockSize, parallelization, salt, key] = WERKZEUG.exec(hash) ?? [];
  if (key === undefined) return null;
  const derived = { salt: Buffer.from(salt!), key: Buffer.from(key, 'hex') };
  return scryptCheck(work(cost, blockSize, parallelization), derived);
}

function readBetterAuth(hash: string): ForeignHashCheck | null {
  const [, salt, key] = BETTER_AUTH.exec(hash) ?? [];
  if (key === undefined) return null;
  // The salt's hexadecimal text is the salt, and the password is normalized first.
  const check = scryptCheck(work(16384, 16, 1), { salt: Buffer.from(salt!), key: Buffer.from(key, 'hex') });
  return check && ((password) => check(password.normalize('NFKC')));
}

function work(cost: unknown, blockSize: unknown, parallelization: unknown) {
  return { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) };
}
