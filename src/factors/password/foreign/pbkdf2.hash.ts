import { fromBase64, pbkdf2Check } from './derived-key.js';
import type { ForeignHash } from './foreign-hash.js';

const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]{1,128})\$([A-Za-z0-9+/]+=*)$/;
/** SHA-1 has no name there. */
const PASSLIB = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,8})\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]+)$/;
const WERKZEUG = /^pbkdf2:(sha1|sha256|sha512):(\d{1,8})\$([^$]{1,128})\$([0-9a-f]+)$/;

/** PBKDF2, RFC 8018 §5.2, as Django, passlib and Werkzeug write it; Keycloak's are imported in passlib's form. */
export const pbkdf2Hash: ForeignHash = {
  name: 'pbkdf2',
  parseHash(hash) {
    const salted = DJANGO.exec(hash);
    if (salted) return check(salted, Buffer.from(salted[3]!), Buffer.from(salted[4]!, 'base64'));
    const binary = PASSLIB.exec(hash);
    if (binary) return check(binary, fromBase64(binary[3]!), fromBase64(binary[4]!));
    const hex = WERKZEUG.exec(hash);
    return hex && check(hex, Buffer.from(hex[3]!), Buffer.from(hex[4]!, 'hex'));
  },
};

function check([, digest, iterations]: RegExpExecArray, salt: Buffer, key: Buffer) {
  return pbkdf2Check(digest ?? 'sha1', Number(iterations), { salt, key });
}
