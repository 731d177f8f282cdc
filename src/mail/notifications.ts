import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MailJob } from './mail-job.js';
import { MailQueue } from './mail-queue.js';
import { MailTemplates } from './templates/mail-templates.js';
import type { NotificationKind, TemplateValues } from './templates/template-values.js';

/** Tells users what happened, by mails that carry no secret. */
@Injectable()
export class Notifications {
  constructor(
    private readonly mailQueue: MailQueue,
    private readonly templates: MailTemplates,
  ) {
    mailQueue.registerHandler('notification', async (job, { language }) => this.write(job, language));
  }

  /**
   * Posts one notice; none to a service user, which has no mailbox.
   *
   * @param user whose mailbox it goes to: the address as stored at the time
   * @param within the transaction of what it tells of
   */
  send<K extends NotificationKind>(
    notification: K,
    user: { readonly id: string; readonly email: string | null },
    values: TemplateValues[K],
    within?: EntityManager,
  ): Promise<void> {
    if (user.email === null) return Promise.resolve();
    return this.mailQueue.enqueue(
      { ...values, kind: 'notification', notification, userId: user.id, email: user.email },
      within,
    );
  }

  private write({ kind: _kind, notification, email, userId: _userId, ...values }: MailJob, language: string) {
    return this.templates.write(notification as NotificationKind, String(email), values as never, language);
  }
}
