import { JobRefused } from '../jobs/job-handler.js';

/**
 * Thrown by a `Mailer` when the mail server will never accept this mail: it is given up at once. A `Mailer` throws it; whatever else it
 * throws is tried again.
 */
export class MailRefused extends JobRefused {
  override readonly name: string = 'MailRefused';
}
