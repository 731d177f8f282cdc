import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { RegistrationMails } from './registration-mails.js';

/** So long after a login that failed: whatever comes of it must not fall into the time of the answer. */
const DELAY_MS = 500;
/** Per address. */
const PAUSE_SECONDS = 900;
/** A flood of addresses makes one statement, not a pile. */
const MOST_WAITING = 1_000;

/**
 * Mails the link again to users who have registered and try to log in before following it. The answer says nothing of it: any login
 * that fails is noted, whatever the address, and many are looked up together, later.
 */
@Injectable()
export class RegistrationReminders implements OnApplicationShutdown {
  private readonly logger = new Logger('password');
  /** Of each the languages that its sender reads. */
  private readonly addresses = new Map<string, string | undefined>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly mails: RegistrationMails,
    private readonly clock: Clock,
  ) {}

  /** A login with this canonical address has failed. Asks no store and throws nothing. */
  note(email: string, languages?: string): void {
    if (this.addresses.size >= MOST_WAITING) return;
    this.addresses.set(email, languages);
    this.timer ??= setTimeout(() => void this.settled(), DELAY_MS).unref();
  }

  /** Looks up at once what was noted; resolves when the reminders that are due are in the mail queue. */
  settled(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const noted = new Map(this.addresses);
    this.addresses.clear();
    this.working = this.working.then(() => this.remind(noted)).catch((error) => this.failed(error));
    return this.working;
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private async remind(noted: ReadonlyMap<string, string | undefined>): Promise<void> {
    if (noted.size === 0) return;
    const now = this.clock.now();
    // One of several of an address stands for all; of several nodes at once one marks the row.
    const [due] = await this.dataSource.query(
      `UPDATE coatcheck.registrations r SET reminded_at = $2
        WHERE r.email = ANY ($1) AND r.proven_at IS NULL AND r.expires_at > $2
          AND (r.reminded_at IS NULL OR r.reminded_at <= $3)
          AND NOT EXISTS (SELECT 1 FROM coatcheck.registrations o WHERE o.email = r.email AND o.reminded_at > $3)
        RETURNING r.email`,
      [[...noted.keys()], now, new Date(now.getTime() - PAUSE_SECONDS * 1000)],
    );
    const addresses = new Set((due as { email: string }[]).map(({ email }) => email));
    for (const email of addresses) await this.mails.enqueueReminder(email, noted.get(email));
  }

  /** Who waits for it asks for the link. */
  private failed(error: unknown): void {
    this.logger.warn(
      `a registration reminder could not be sent: ${error instanceof Error ? error.name : 'unknown error'}`,
    );
  }
}
