import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { MailLinks } from '../mail/mail-links.js';
import type { Mail } from '../mail/mailer.js';
import { MailTemplates } from '../mail/templates/mail-templates.js';
import { verificationOptions } from './verification-options.js';

/** A link that proves a mailbox, as it is mailed. */
export interface VerificationLink {
  /** Canonical. */
  readonly email: string;
  readonly token: string;
  readonly validSeconds: number;
  /** When the registration was made; of a user who did not register here, when the link was requested. */
  readonly at: Date;
  /** Whether the address was used to register here. Otherwise the user was imported, or an admin has set the address. */
  readonly isOfRegistration: boolean;
}

/** The mail that carries such a link, whatever it stands for. */
@Injectable()
export class VerificationMail {
  private readonly page: string;

  constructor(
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    options: Options,
  ) {
    this.page = options.of(verificationOptions).emailVerificationUrl || '/auth/email/verify';
  }

  /** @param language tag of the language to write it in */
  write({ email, token, validSeconds, at, isOfRegistration }: VerificationLink, language: string): Mail {
    const url = this.links.to(this.page, token);
    const values = { url, token, validSeconds, at: at.toISOString() };
    const template = isOfRegistration ? 'email-verification' : 'address-verification';
    return this.templates.write(template, email, values, language);
  }
}
