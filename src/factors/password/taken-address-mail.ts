import { writeMail } from '../../mail/letter.js';
import type { Mail } from '../../mail/mailer.js';

/** For somebody who registers again, or at whose address somebody else tries. */
export function takenAddressMail(to: string): Mail {
  return writeMail({
    to,
    subject: 'You already have an account',
    paragraphs: [
      'Somebody tried to register with this e-mail address, but there is an account with it already.',
      'If it was you, log in with the password you chose back then. The one just given was not kept.',
      'If it was not you, ignore this mail: nothing has changed.',
    ],
  });
}
