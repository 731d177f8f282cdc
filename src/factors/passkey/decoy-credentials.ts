import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../kernel/email-address.js';
import { SecretKey } from '../../kernel/secret-key.js';

/** A credential as request options name it, Level 3 §5.8.3. */
export interface CredentialDescriptor {
  readonly id: string;
  readonly type: 'public-key';
  readonly transports: readonly string[];
}

/** Makes of authenticators: how long their credential ids are, and how they are reached. About as often as one meets them. */
const MAKES = [
  { bytes: 16, transports: ['hybrid', 'internal'] },
  { bytes: 20, transports: ['hybrid', 'internal'] },
  { bytes: 32, transports: ['internal'] },
  { bytes: 32, transports: ['hybrid', 'internal'] },
  { bytes: 48, transports: ['nfc', 'usb'] },
] as const;

/** Of so many addresses one has a second passkey. */
const SECOND_IN = 4;

/** Passkeys for whoever has none: they look like real ones, and are the same each time somebody asks for that address. */
@Injectable()
export class DecoyCredentials {
  private readonly key: Buffer;

  constructor(secretKey: SecretKey) {
    this.key = secretKey.derive('decoy-passkeys');
  }

  of(typedEmail: string): CredentialDescriptor[] {
    const email = canonicalEmail(typedEmail) ?? typedEmail;
    const count = this.bytes(email, 'count')[0]! % SECOND_IN === 0 ? 2 : 1;
    return Array.from({ length: count }, (_, index) => {
      const make = MAKES[this.bytes(email, `make ${index}`)[0]! % MAKES.length]!;
      const id = this.bytes(email, `id ${index}`).subarray(0, make.bytes).toString('base64url');
      return { id, type: 'public-key', transports: make.transports };
    });
  }

  private bytes(email: string, what: string): Buffer {
    return createHmac('sha512', this.key).update(`${what}\0${email}`).digest();
  }
}
