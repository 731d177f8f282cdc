import { Injectable, Logger } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { seal, unseal, unsealByAny } from '../../kernel/sealed-text.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { totpOptions } from './totp-options.js';

const BOXED = /^([A-Za-z0-9_-]{0,32}):([A-Za-z0-9_-]+)$/;

/** The name of the key that is derived from `SECRET_KEY`: none that an option could have. */
const DERIVED = '';

/**
 * Encrypts the secrets of authenticator apps, each for its user: `<key id>:<sealed>`. A reader of the database reads no secret, and a
 * row copied to another user opens nothing.
 */
@Injectable()
export class SecretBox {
  private readonly logger = new Logger('totp');
  private readonly keys: ReadonlyMap<string, readonly [Buffer, ...Buffer[]]>;
  private readonly current: string;

  constructor(secretKey: SecretKey, options: Options) {
    const given = options.of(totpOptions).totpKeys.map(readKey);
    this.current = given[0]?.[0] ?? DERIVED;
    this.keys = new Map([...given, [DERIVED, secretKey.deriveAll('totp-secret')]]);
  }

  close(secret: string, userId: string): string {
    return `${this.current}:${seal(secret, this.keys.get(this.current)![0], boundTo(userId))}`;
  }

  /** Null when no key of ours opens it. */
  open(boxed: string, userId: string): string | null {
    const [, id, sealed] = BOXED.exec(boxed) ?? [];
    const keys = id === undefined ? undefined : this.keys.get(id);
    if (!keys)
      this.logger.error(
        `the key "${id}" is missing in TOTP_KEYS: a user whose secret needs it cannot use their authenticator app`,
      );
    return keys ? unsealByAny(sealed!, keys, boundTo(userId)) : null;
  }

  /** Whether a key of ours opens it. */
  opens(boxed: string, userId: string): boolean {
    const [, id, sealed] = BOXED.exec(boxed) ?? [];
    const keys = id === undefined ? undefined : this.keys.get(id);
    return keys !== undefined && unsealByAny(sealed!, keys, boundTo(userId)) !== null;
  }

  /** Whether it was closed by a key that new ones are not. */
  isOutdated(boxed: string, userId: string): boolean {
    if (!boxed.startsWith(`${this.current}:`)) return true;
    const [key] = this.keys.get(this.current)!;
    return unseal(boxed.slice(this.current.length + 1), key, boundTo(userId)) === null;
  }

  /** Whether a previous `SECRET_KEY` alone opens it. */
  needsPreviousKey(boxed: string, userId: string): boolean {
    return (
      boxed.startsWith(`${DERIVED}:`) && unseal(boxed.slice(1), this.keys.get(DERIVED)![0], boundTo(userId)) === null
    );
  }
}

function boundTo(userId: string): string {
  return `totp:${userId}`;
}

function readKey(entry: string): [id: string, keys: readonly [Buffer]] {
  const colon = entry.indexOf(':');
  return [entry.slice(0, colon), [Buffer.from(entry.slice(colon + 1), 'base64url')]];
}
