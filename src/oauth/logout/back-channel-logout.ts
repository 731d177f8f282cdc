import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditEventEntity } from '../../audit/audit-event.entity.js';
import { AuditOutbox, type OutboxWorker } from '../../audit/audit-outbox.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { JobQueue, type JobTable } from '../../jobs/job-queue.js';
import { JobWorker } from '../../jobs/job-worker.js';
import { Clock } from '../../kernel/clock.js';
import { SingleFlight } from '../../kernel/single-flight.js';
import { isOAuthOn } from '../oauth-options.js';
import { EndedSessions } from './ended-sessions.js';
import { ExpiredSessions } from './expired-sessions.js';
import { LogoutClient } from './logout-client.js';
import { type LogoutJobRow, LogoutNotices } from './logout-notices.js';

const TABLE: JobTable = {
  name: 'oauth_logout_jobs',
  key: ['session_id', 'client_id'],
  columns: ['user_id', 'sid', 'ended_at'],
  keepsDead: true,
  claimSeconds: 60,
};
const HOUR = 3600;
/** As those of webhooks: ten tries in about three days. */
const PAUSES_SECONDS = [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** The end of everyone's sessions is one event. */
const READING = { jobSeconds: 600, pausesSeconds: [1, 5, 30, 60, 300, 900, HOUR, 6 * HOUR, 24 * HOUR] };
const DESTINATION = 'oauth:ended-sessions';
const CONCURRENCY = 8;
const JOB_SECONDS = 20;
/** How often sessions that have expired are looked for. */
const LOOK_MILLISECONDS = 30_000;

/**
 * OpenID Connect Back-Channel Logout 1.0: every client that a user was logged in to by a session is told of its end, whatever ended it, at
 * least once. The tokens of the client are refused already by then.
 */
@Injectable()
export class BackChannelLogout implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly reader: OutboxWorker | null;
  private readonly sender: JobWorker<LogoutJobRow> | null;
  private readonly logger = new Logger('oauth');
  private readonly looks = new SingleFlight(() => this.lookForExpired());
  private looking: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    @Inject(AUTH_DATA_SOURCE) dataSource: DataSource,
    outbox: AuditOutbox,
    ended: EndedSessions,
    private readonly expired: ExpiredSessions,
    notices: LogoutNotices,
    private readonly http: LogoutClient,
    clock: Clock,
    options: Options,
  ) {
    const isOn = isOAuthOn(options);
    const { logger } = this;
    const times = { pollMilliseconds: 1_000, pausesSeconds: PAUSES_SECONDS, jobSeconds: JOB_SECONDS };
    const working = { ...times, lastJobsSeconds: 5, concurrency: CONCURRENCY, logger };
    this.sender = isOn ? new JobWorker(new JobQueue(dataSource, clock, TABLE), notices, working) : null;
    const take = async (event: AuditEventEntity) => {
      if ((await ended.take(event)) > 0) this.sender?.wake(0);
    };
    const reading = { destination: DESTINATION, types: ended.types, ...READING, logger, take, reasonOf };
    this.reader = isOn ? outbox.workerFor(reading) : null;
  }

  onApplicationBootstrap(): void {
    this.reader?.start();
    this.sender?.start();
    if (this.sender) this.looking = setInterval(() => void this.looks.run(), LOOK_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.looking);
    await this.looks.run();
    await this.reader?.stop();
    await this.sender?.stop();
    this.http.close();
  }

  /** Resolves when nothing that is due is left; what failed is due later. Never rejects. */
  async deliverDue(): Promise<void> {
    await this.reader?.settled();
    await this.looks.run();
    await this.sender?.settled();
  }

  /** Never rejects. */
  private async lookForExpired(): Promise<void> {
    try {
      for (let isMore = this.sender !== null; isMore && !this.isStopped; ) {
        const looked = await this.expired.look();
        if (looked.made > 0) this.sender?.wake(0);
        ({ isMore } = looked);
      }
    } catch (error) {
      this.logger.warn(`expired sessions could not be looked for (${reasonOf(error)})`);
    }
  }
}

function reasonOf(error: unknown): string {
  return (error as Error).message.slice(0, 200);
}
