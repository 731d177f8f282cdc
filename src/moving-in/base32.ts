import { Secret } from 'otpauth';

/** The secret of an authenticator app as apps write it, RFC 4648 §6. */
export function base32(bytes: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;
}
