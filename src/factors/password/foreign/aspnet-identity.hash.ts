import { pbkdf2Check } from './derived-key.js';
import type { ForeignHash, ForeignHashCheck } from './foreign-hash.js';

const FORM = /^[A-Za-z0-9+/]{40,300}={0,2}$/;
const VERSION_2 = { iterations: 1000, saltBytes: 16, bytes: 49 };
const DIGESTS = ['sha1', 'sha256', 'sha512'];
const HEADER_BYTES = 13;

/** ASP.NET Identity's: base64 of a version, its parameters, the salt and a PBKDF2 key. Versions 2 (0x00) and 3 (0x01). */
export const aspnetIdentityHash: ForeignHash = {
  name: 'aspnet-identity',
  parseHash(hash) {
    if (!FORM.test(hash)) return null;
    const bytes = Buffer.from(hash, 'base64');
    return bytes[0] === 0 ? readVersion2(bytes) : bytes[0] === 1 ? readVersion3(bytes) : null;
  },
};

function readVersion2(bytes: Buffer): ForeignHashCheck | null {
  if (bytes.length !== VERSION_2.bytes) return null;
  const end = 1 + VERSION_2.saltBytes;
  return pbkdf2Check('sha1', VERSION_2.iterations, { salt: bytes.subarray(1, end), key: bytes.subarray(end) });
}

function readVersion3(bytes: Buffer): ForeignHashCheck | null {
  if (bytes.length < HEADER_BYTES) return null;
  const digest = DIGESTS[bytes.readUInt32BE(1)];
  const saltBytes = bytes.readUInt32BE(9);
  if (digest === undefined || saltBytes < 8 || HEADER_BYTES + saltBytes > bytes.length) return null;
  const end = HEADER_BYTES + saltBytes;
  return pbkdf2Check(digest, bytes.readUInt32BE(5), {
    salt: bytes.subarray(HEADER_BYTES, end),
    key: bytes.subarray(end),
  });
}
