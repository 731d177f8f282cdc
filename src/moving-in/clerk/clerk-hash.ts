const PBKDF2 = /^pbkdf2_sha(?:1|256)\$(\d+)\$([^$]+)\$([^$]+)$/;
const FIREBASE = /^([^$]+)\$([^$]+)\$([^$]+)\$([^$]+)\$(\d+)\$(\d+)$/;
/** Those whose digests are as the system has them that they come from. */
const AS_THEY_ARE = new Set([
  'bcrypt',
  'argon2i',
  'argon2id',
  'bcrypt_sha256_django',
  'pbkdf2_sha256_django',
  'phpass',
  'scrypt_werkzeug',
  'ldap_ssha',
]);

/**
 * A digest of Clerk's in the form that names its own parameters. Clerk hashes by bcrypt, and keeps the digests of users who have moved to it from elsewhere until they log in.
 *
 * @returns a text that no form reads where the hasher is unknown or weak: the import refuses it as `unknown_hash`
 */
export function clerkHash(digest: string, hasher: string): string {
  if (AS_THEY_ARE.has(hasher)) return digest;
  const unknown = `{${hasher}}${digest}`;
  const [, iterations, salt, key] = PBKDF2.exec(digest) ?? [];
  if (hasher === 'pbkdf2_sha256' && key !== undefined)
    return `$pbkdf2-sha256$${iterations}$${passlib(salt!)}$${passlib(key)}`;
  if (hasher === 'pbkdf2_sha1' && key !== undefined) return `pbkdf2:sha1:${iterations}$${salt}$${key.toLowerCase()}`;
  if (hasher === 'scrypt_firebase') return firebase(digest) ?? unknown;
  return unknown;
}

/** `<hash>$<salt>$<signer key>$<salt separator>$<rounds>$<memory cost>`. */
function firebase(digest: string): string | null {
  const [, hash, salt, signerKey, separator, rounds, memoryCost] = FIREBASE.exec(digest) ?? [];
  if (memoryCost === undefined) return null;
  return `$fbscrypt$v=1,n=${memoryCost},r=${rounds},p=1,ss=${separator},sk=${signerKey}$${salt}$${hash}`;
}

function passlib(base64: string): string {
  return base64.replaceAll('+', '.').replace(/={1,2}$/, '');
}
