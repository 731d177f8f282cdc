import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { causedBy } from '../mail/mail-cause.js';
import type { MailJob } from '../mail/mail-job.js';
import { MailLinks } from '../mail/mail-links.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { Mail } from '../mail/mailer.js';
import { MailTemplates } from '../mail/templates/mail-templates.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { FactorFailures } from './factor-failures.js';
import { UNLOCK } from './lock-notifications.js';

/** A week: what it unlocks stays locked until then. */
const LINK_SECONDS = 604_800;

interface GuessesJob extends MailJob {
  readonly kind: 'factor-guesses';
  readonly userId: string;
  readonly failures: number;
}

/** Tells users that a person who knows their password guesses their codes, with a link that lets codes be tried again. */
@Injectable()
export class GuessNotifications {
  private readonly logger = new Logger('lockout');

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly failures: FactorFailures,
    private readonly mailQueue: MailQueue,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly audit: AuditSink,
  ) {
    mailQueue.registerHandler('factor-guesses', (job: GuessesJob, { language }) => this.write(job, language));
  }

  /** Tells the user, if it is time to. Never fails: whatever it follows is answered anyway, and the next one tells. */
  async notifyIfDue(userId: string, origin: RequestOrigin): Promise<void> {
    try {
      await this.dataSource.transaction(async (manager) => {
        causedBy(origin, manager);
        const due = await this.failures.claimNotification(userId, manager);
        if (!due) return;
        const locked = {
          type: 'login.locked' as const,
          reason: 'second_factors',
          userId,
          failures: due.failures,
          origin,
        };
        if (due.isLocked) await this.audit.record(locked, manager);
        await this.mailQueue.enqueue({ kind: 'factor-guesses', userId, failures: due.failures }, manager);
      });
    } catch (error) {
      this.logger.warn(
        `a user could not be notified of wrong codes: ${error instanceof Error ? error.name : 'unknown error'}`,
      );
    }
  }

  private async write({ userId, failures }: GuessesJob, language: string): Promise<Mail | null> {
    const user = await this.users.find(userId);
    if (!user?.email) return null;
    const owner = { id: user.id, email: user.email };
    const { token } = await this.tokens.issue({ purpose: UNLOCK, user: owner, lifetimeSeconds: LINK_SECONDS });
    const link = { url: this.links.to('/auth/unlock', token), token, validSeconds: LINK_SECONDS };
    return this.templates.write('factor-guesses', owner.email, { ...link, failures }, language);
  }
}
