import { createHmac } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { passwordOptions } from './password-options.js';

const PEPPERED = /^\$pepper\$([A-Za-z0-9_-]{1,32})(\$.+)$/s;

/** A stored hash without its pepper's id. */
export interface Unpeppered {
  readonly hash: string;
  /** The text that was hashed in the password's place; null when the pepper is no longer known. */
  readonly secret: string | null;
  /** Whether a hash made now would have another pepper, or none. */
  readonly isOutdated: boolean;
}

/**
 * Keys that are kept away from the database: without them, stolen hashes are good for nothing. The password is replaced by its
 * HMAC-SHA-256 under a pepper, and that is hashed: `$pepper$<id>$argon2id$…`. The first of `PASSWORD_PEPPERS` is for new
 * hashes, the others for those not renewed yet.
 */
@Injectable()
export class Peppers {
  private readonly logger = new Logger('password');
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: string | undefined;

  constructor(options: Options) {
    const entries = options.of(passwordOptions).passwordPeppers.map(readPepper);
    this.keys = new Map(entries);
    this.current = entries[0]?.[0];
  }

  /** The text to hash in place of the password, and the prefix of the hash. */
  apply(password: string): { secret: string; prefix: string } {
    const key = this.keys.get(this.current ?? '');
    if (!key) return { secret: password, prefix: '' };
    return { secret: mac(key, password), prefix: `$pepper$${this.current}` };
  }

  remove(stored: string, password: string): Unpeppered {
    const [, id, hash] = PEPPERED.exec(stored) ?? [];
    if (id === undefined || hash === undefined) {
      return { hash: stored, secret: password, isOutdated: this.current !== undefined };
    }
    const key = this.keys.get(id);
    if (!key)
      this.logger.error(`the pepper ${id} is missing in PASSWORD_PEPPERS: users whose hash needs it cannot log in`);
    return { hash, secret: key ? mac(key, password) : null, isOutdated: id !== this.current };
  }
}

function readPepper(text: string): [id: string, key: Buffer] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), Buffer.from(text.slice(colon + 1), 'base64url')];
}

/** Text without NUL, so that whatever hashes it takes all of it. */
function mac(key: Buffer, password: string): string {
  return createHmac('sha256', key).update(password).digest('base64');
}
