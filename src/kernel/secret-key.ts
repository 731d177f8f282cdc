import { hkdfSync } from 'node:crypto';

/**
 * The one secret an operator keeps (`SECRET_KEY`, 32 random bytes). It is never used itself: each use derives its own key,
 * so that one purpose can neither read nor forge for another.
 */
export class SecretKey {
  private constructor(private readonly bytes: Buffer) {}

  /** @throws TypeError unless `text` is base64url of exactly 32 bytes. */
  static parse(text: string): SecretKey {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== 32 || bytes.toString('base64url') !== text.replace(/=+$/, '')) {
      throw new TypeError('secretKey must be 32 bytes in base64url (43 characters)');
    }
    return new SecretKey(bytes);
  }

  /** 32 bytes bound to `purpose`, the same on every node that shares the secret. RFC 5869, HKDF-SHA256. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, Buffer.alloc(0), `coatcheck/${purpose}`, 32));
  }

  /** Nothing: a logged or serialised key must not leak. */
  toJSON(): string {
    return '[secret]';
  }
}
