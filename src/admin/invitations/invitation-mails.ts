import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import type { MailJob } from '../../mail/mail-job.js';
import { MailLinks } from '../../mail/mail-links.js';
import { MailQueue } from '../../mail/mail-queue.js';
import type { Mail } from '../../mail/mailer.js';
import { MailTemplates } from '../../mail/templates/mail-templates.js';
import { adminOptions } from '../admin-options.js';
import { Invitations } from './invitations.js';

interface InvitationJob extends MailJob {
  readonly invitationId: string;
}

/** The mails that invite. The link is made when the mail is written, so that a stolen queue opens nothing. */
@Injectable()
export class InvitationMails {
  private readonly page: string;

  constructor(
    private readonly invitations: Invitations,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly mailQueue: MailQueue,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.page = options.of(adminOptions).invitationUrl || '/auth/invitation';
    mailQueue.registerHandler('invitation', (job: InvitationJob, { language }) => this.write(job, language));
  }

  async enqueue(invitationId: string, within: EntityManager): Promise<void> {
    await this.mailQueue.enqueue({ kind: 'invitation', invitationId }, within);
  }

  /** Null for one that was withdrawn meanwhile. */
  private async write({ invitationId }: InvitationJob, language: string): Promise<Mail | null> {
    const link = await this.invitations.renewLink(invitationId);
    if (!link) return null;
    const { email, token, expiresAt } = link;
    const validSeconds = Math.floor((expiresAt.getTime() - this.clock.now().getTime()) / 1000);
    const values = { url: this.links.to(this.page, token), token, validSeconds };
    return this.templates.write('invitation', email, values, language);
  }
}
