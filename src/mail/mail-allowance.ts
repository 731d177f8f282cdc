import { Injectable } from '@nestjs/common';

/** A mail about to leave. */
export interface MailAboutToLeave {
  /** Canonical e-mail address. */
  readonly to: string;
  /** Kind of the job. */
  readonly kind: string;
  /** Id of the job: the same when it is tried again. */
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/**
 * How many mails one mailbox receives. Asked when a mail is about to leave, long after its request was answered, so that a cap tells
 * nothing to anyone. Default: no cap.
 */
export abstract class MailAllowance {
  /** False: the mail is dropped, and the audit told. What it throws counts as a failure: the job is tried again. */
  abstract mayLeave(mail: MailAboutToLeave): Promise<boolean>;
}

@Injectable()
export class UnlimitedMail extends MailAllowance {
  async mayLeave(): Promise<boolean> {
    return true;
  }
}
