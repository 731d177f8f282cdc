/** What authenticators keep of a user, WebAuthn Level 3 §5.4.3: the 16 bytes of the id, base64url. It says nothing else. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}
