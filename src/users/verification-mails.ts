import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { writeMail } from '../mail/letter.js';
import type { Mail } from '../mail/mailer.js';
import { usersOptions } from './users-options.js';

/** What is mailed to prove an address. Never the name: whoever typed the address chose it, and would be mailing strangers. */
@Injectable()
export class VerificationMails {
  private readonly page: string;
  private readonly hours: number;

  constructor(options: Options) {
    const { emailVerificationUrl, emailVerificationSeconds } = options.of(usersOptions);
    // From the configuration only: a link built from the request's Host would lead wherever an attacker says.
    this.page = emailVerificationUrl || new URL('/auth/email/verify', options.of(coreOptions).publicUrl).href;
    this.hours = Math.ceil(emailVerificationSeconds / 3600);
  }

  /** The link that verifies. */
  link(to: string, token: string): Mail {
    const url = new URL(this.page);
    url.searchParams.set('token', token);
    return writeMail({
      to,
      subject: 'Verify your e-mail address',
      paragraphs: [
        'Somebody registered with this e-mail address. If it was you, follow the link to verify the address.',
        `The link works once, within ${this.hours} hours.`,
        'If it was not you, do not follow it: nothing happens then.',
      ],
      link: { label: 'Verify the address', url: url.href, token },
    });
  }

  /** For an address that was registered several times and verified never. */
  registerAgain(to: string): Mail {
    return writeMail({
      to,
      subject: 'Please register again',
      paragraphs: [
        'Another verification link was asked for, but this e-mail address was registered more than once.',
        'Register once more, and follow the link in the mail you then receive: it is good for the password you chose there.',
        'If it was not you, ignore this mail: nothing happens then.',
      ],
    });
  }
}
