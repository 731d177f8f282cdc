import { fromBase64url } from './credential-json.js';

/** The user handle in authenticators, WebAuthn Level 3 §5.4.3: the 16 bytes of the id, base64url. It holds nothing else. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id that a user handle stands for, whether or not a user has it; null for what is no handle of ours. */
export function userIdOf(handle: string): string | null {
  const bytes = fromBase64url(handle);
  if (bytes?.length !== 16) return null;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
