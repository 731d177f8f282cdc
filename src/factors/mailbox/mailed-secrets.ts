import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKey } from '../../kernel/secret-key.js';
import { parseSecretToken } from '../../kernel/secret-token.js';

const DIGITS = 8;
const CODES = 10n ** BigInt(DIGITS);

/**
 * What a mail carries: made of its id by a key of ours, so that neither the table nor the queue of mails holds anything that signs a user
 * in, and a mail that is tried again carries the same.
 */
@Injectable()
export class MailedSecrets {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll('login-mail');
  }

  /** The token of the link: `<id>.<43 characters>`. */
  tokenOf(id: string): string {
    return `${id}.${linkSecret(id, this.keys[0])}`;
  }

  /** Eight digits. */
  codeOf(id: string): string {
    return code(id, this.keys[0]);
  }

  /** Whether it is the code of this mail, in constant time. Blanks and hyphens in it do not matter. */
  isCodeOf(id: string, typed: string): boolean {
    const given = typed.replace(/[\s-]/g, '');
    return this.keys.some((key) => isSame(given, code(id, key)));
  }

  /** The id of the mail that a link's token is of; null for one that is none of ours. Whether it is good has not been checked. */
  idOf(token: string): string | null {
    const parsed = parseSecretToken(token);
    if (!parsed) return null;
    return this.keys.some((key) => isSame(parsed.secret, linkSecret(parsed.id, key))) ? parsed.id : null;
  }
}

function linkSecret(id: string, key: Buffer): string {
  return createHmac('sha256', key).update(`link:${id}`).digest('base64url');
}

/** Of 2^256 numbers, so that none is likelier than another by more than 2^-229. */
function code(id: string, key: Buffer): string {
  const number = BigInt(`0x${createHmac('sha256', key).update(`code:${id}`).digest('hex')}`);
  return String(number % CODES).padStart(DIGITS, '0');
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
