import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../kernel/email-address.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { MOST_PASSKEYS } from './passkey.store.js';

/** A credential as request options name it, Level 3 §5.8.3. */
export interface CredentialDescriptor {
  readonly id: string;
  readonly type: 'public-key';
  readonly transports: readonly string[];
}

/** How authenticators are reached, Level 3 §5.8.4, and an older name. Others that a browser told are not told to strangers. */
export const TOLD_TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;

/** Makes of authenticators: how long their credential ids are, and how they are reached. About as often as one meets them. */
const MAKES: readonly { readonly bytes: number; readonly transports: readonly string[] }[] = [
  { bytes: 16, transports: ['hybrid', 'internal'] },
  { bytes: 16, transports: ['hybrid', 'internal'] },
  { bytes: 20, transports: ['hybrid', 'internal'] },
  { bytes: 20, transports: ['hybrid', 'internal'] },
  { bytes: 32, transports: ['internal'] },
  { bytes: 32, transports: ['internal'] },
  { bytes: 32, transports: ['hybrid', 'internal'] },
  { bytes: 32, transports: ['hybrid', 'internal'] },
  { bytes: 48, transports: ['nfc', 'usb'] },
  { bytes: 48, transports: ['nfc', 'usb'] },
  { bytes: 48, transports: ['usb'] },
  { bytes: 64, transports: ['usb'] },
  { bytes: 64, transports: ['nfc', 'usb'] },
  { bytes: 64, transports: [] },
];
/** One in so many is of no make above: whatever one user has, a user without a passkey may seem to have. */
const ODD_IN = 16;

/** Of so many addresses with one passkey one has another, and so on. */
const MORE_IN = 4;
const LEAST_BYTES = 16;
const BLOCK_BYTES = 64;

/** Passkeys for users who have none: they look like real ones, and are the same at each request for that address. */
@Injectable()
export class DecoyCredentials {
  private readonly key: Buffer;

  constructor(secretKey: SecretKey) {
    // The oldest: those of users who have real ones do not change with the key either.
    this.key = secretKey.deriveAll('decoy-passkeys').at(-1)!;
  }

  of(typedEmail: string): CredentialDescriptor[] {
    const email = canonicalEmail(typedEmail) ?? typedEmail;
    return Array.from({ length: this.countOf(email) }, (_, index) => {
      const make = this.makeOf(email, index);
      const blocks = [this.bytes(email, `id ${index}`), this.bytes(email, `rest ${index}`)];
      const id = Buffer.concat(blocks).subarray(0, make.bytes).toString('base64url');
      return { id, type: 'public-key', transports: make.transports };
    });
  }

  /** From one to as many as a user may have. */
  private countOf(email: string): number {
    const draws = this.bytes(email, 'count').subarray(0, MOST_PASSKEYS - 1);
    const end = draws.findIndex((draw) => draw % MORE_IN !== 0);
    return 1 + (end === -1 ? draws.length : end);
  }

  private makeOf(email: string, index: number): (typeof MAKES)[number] {
    const [kind = 0, length = 0, transports = 0] = this.bytes(email, `make ${index}`);
    if (kind % ODD_IN !== 0) return MAKES[length % MAKES.length]!;
    const bytes = LEAST_BYTES + (length % (2 * BLOCK_BYTES - LEAST_BYTES + 1));
    return { bytes, transports: TOLD_TRANSPORTS.filter((_, bit) => transports & (1 << bit)) };
  }

  private bytes(email: string, what: string): Buffer {
    return createHmac('sha512', this.key).update(`${what}\0${email}`).digest();
  }
}
