import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditOutbox, type OutboxWorker } from '../audit/audit-outbox.js';
import { Options } from '../config/options.js';
import { WebhookClient } from './webhook-client.js';
import { named, webhookOptions } from './webhook-options.js';
import { WebhookSender } from './webhook-sender.js';

/** Tells every audited event to every webhook: at least once, as soon as it can, and not in order. One event at a time each. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** One for each destination: a slow one delays no other. */
  private readonly workers: readonly OutboxWorker[];

  constructor(
    outbox: AuditOutbox,
    sender: WebhookSender,
    private readonly client: WebhookClient,
    options: Options,
  ) {
    const { webhooks, webhookTimeoutSeconds } = options.of(webhookOptions);
    // The client ends a request that takes longer; the rest is two statements.
    const jobSeconds = webhookTimeoutSeconds + 10;
    const logger = new Logger('webhooks');
    this.workers = named(webhooks).map(([destination]) =>
      outbox.workerFor({
        destination,
        jobSeconds,
        logger,
        take: (event) => sender.send(destination, event),
        reasonOf: (error) => sender.reasonOf(error),
      }),
    );
  }

  onApplicationBootstrap(): void {
    for (const worker of this.workers) worker.start();
  }

  /** Finishes what is being sent, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.client.close();
  }

  /** Resolves when nothing that is due is left, or its destination does not answer. Never rejects. */
  async deliverDue(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.settled()));
  }
}
