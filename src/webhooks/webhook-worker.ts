import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditDestinations } from '../audit/audit-destinations.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { JobQueue, type JobTable } from '../jobs/job-queue.js';
import { JobWorker } from '../jobs/job-worker.js';
import { Clock } from '../kernel/clock.js';
import { WebhookClient } from './webhook-client.js';
import { named, webhookOptions } from './webhook-options.js';
import { type WebhookJobRow, WebhookSender } from './webhook-sender.js';

const TABLE: JobTable = {
  name: 'audit_outbox',
  key: ['event_id', 'destination'],
  columns: [],
  lane: 'destination',
  keepsDead: true,
  claimSeconds: 120,
};
const HOUR = 3600;
const WORKING = {
  concurrency: 1,
  pollMilliseconds: 1000,
  // As Standard Webhooks recommends: about three days in all.
  pausesSeconds: [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
};

/** Tells every audited event to every webhook: at least once, as soon as it can, and not in order. One event at a time each. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** One for each destination: a slow one delays no other. */
  private readonly workers: readonly JobWorker<WebhookJobRow>[];

  constructor(
    @Inject(AUTH_DATA_SOURCE) dataSource: DataSource,
    sender: WebhookSender,
    private readonly client: WebhookClient,
    clock: Clock,
    destinations: AuditDestinations,
    options: Options,
  ) {
    const { webhooks, webhookTimeoutSeconds } = options.of(webhookOptions);
    const queue = new JobQueue<WebhookJobRow>(dataSource, clock, TABLE);
    // The client ends a request that takes longer; the rest is two statements.
    const jobSeconds = webhookTimeoutSeconds + 10;
    const logger = new Logger('webhooks');
    this.workers = named(webhooks).map(([lane]) => {
      destinations.add(lane);
      return new JobWorker(queue, sender, { ...WORKING, jobSeconds, lastJobsSeconds: jobSeconds, lane, logger });
    });
  }

  onApplicationBootstrap(): void {
    for (const worker of this.workers) worker.start();
  }

  /** What is being sent is finished, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.client.close();
  }

  /** Resolves when nothing that is due is left, or its destination does not answer. Never rejects. */
  async deliverDue(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.settled()));
  }
}
