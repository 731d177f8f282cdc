import { hkdfSync } from 'node:crypto';

/**
 * The one secret an operator keeps (`SECRET_KEY`, 32 random bytes). It is never used itself: each use derives its own key,
 * so that one purpose can neither read nor forge for another.
 */
export class SecretKey {
  private constructor(
    private readonly bytes: Buffer,
    private readonly previous: readonly Buffer[],
  ) {}

  /**
   * @param previous former keys: what was made by them still holds
   * @throws TypeError unless each is base64url of exactly 32 bytes
   */
  static parse(text: string, previous: readonly string[] = []): SecretKey {
    return new SecretKey(SecretKey.read(text), previous.map(SecretKey.read));
  }

  private static read(this: void, text: string): Buffer {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== 32 || bytes.toString('base64url') !== text.replace(/=+$/, '')) {
      throw new TypeError('secretKey must be 32 bytes in base64url (43 characters)');
    }
    return bytes;
  }

  /** 32 bytes bound to `purpose`, the same on every node that shares the secret. RFC 5869, HKDF-SHA256. */
  derive(purpose: string): Buffer {
    return derived(this.bytes, purpose);
  }

  /** {@link derive} of this key, and then of each previous one: what checks or opens something tries them in this order. */
  deriveAll(purpose: string): readonly [Buffer, ...Buffer[]] {
    return [this.derive(purpose), ...this.previous.map((bytes) => derived(bytes, purpose))];
  }

  /** Nothing: a logged or serialised key must not leak. */
  toJSON(): string {
    return '[secret]';
  }
}

function derived(bytes: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `coatcheck/${purpose}`, 32));
}
