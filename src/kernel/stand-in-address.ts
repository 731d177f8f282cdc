import { randomUUID } from 'node:crypto';

/** RFC 2606 §2: a top-level domain without mailboxes. */
const DOMAIN = '@taken-back.invalid';

/**
 * An address for an account that has none for now: unique, of no mailbox, and never mailed to. At random, for what can be told
 * in advance could be taken in advance.
 */
export function standInAddress(): string {
  return `${randomUUID()}${DOMAIN}`;
}

export function isStandInAddress(email: string): boolean {
  return email.endsWith(DOMAIN);
}
