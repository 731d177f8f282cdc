import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditDestinations } from '../audit/audit-destinations.js';
import type { AuditEventEntity } from '../audit/audit-event.entity.js';
import { Options } from '../config/options.js';
import { Clock } from '../kernel/clock.js';
import { WebhookClient } from './webhook-client.js';
import { webhookMessage } from './webhook-message.js';
import { named, webhookOptions } from './webhook-options.js';
import { type ClaimedDelivery, WebhookOutbox } from './webhook-outbox.js';

const POLL_MILLISECONDS = 1000;
const HOUR = 3600;
/** As Standard Webhooks recommends: about three days in all. */
const PAUSES_SECONDS = [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const GONE = 410;

/** Tells every audited event to every webhook: at least once, as soon as it can, and not in order. One event at a time each. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('webhooks');
  private readonly urls: ReadonlyMap<string, string>;
  private readonly secrets: readonly [name: string, secret: string][];
  private readonly underWay = new Map<string, Promise<void>>();
  private poll: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly outbox: WebhookOutbox,
    private readonly client: WebhookClient,
    private readonly clock: Clock,
    destinations: AuditDestinations,
    options: Options,
  ) {
    const { webhooks, webhookSecrets } = options.of(webhookOptions);
    this.urls = new Map(named(webhooks));
    this.secrets = named(webhookSecrets);
    for (const name of this.urls.keys()) destinations.add(name);
  }

  onApplicationBootstrap(): void {
    if (this.urls.size === 0) return;
    this.poll = setInterval(() => void this.deliverDue(), POLL_MILLISECONDS);
    this.poll.unref();
  }

  /** What is being sent is finished, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    await Promise.all(this.underWay.values());
    this.client.close();
  }

  /** Resolves when nothing that is due is left, or its destination does not answer. Never rejects. */
  async deliverDue(): Promise<void> {
    await Promise.all([...this.urls.keys()].map((name) => this.round(name)));
  }

  /** A destination that is slow delays no other. */
  private round(destination: string): Promise<void> {
    const round =
      this.underWay.get(destination) ?? this.deliverTo(destination).finally(() => this.underWay.delete(destination));
    this.underWay.set(destination, round);
    return round;
  }

  private async deliverTo(destination: string): Promise<void> {
    try {
      for (let next = await this.outbox.claim(destination); next; next = await this.outbox.claim(destination)) {
        const isDelivered = await this.deliver(next);
        // The rest would fare the same: they wait for the next look, each with all its tries left.
        if (!isDelivered || this.isStopped) return;
      }
    } catch (error) {
      this.logger.warn(`the outbox is out of reach (${(error as Error).message})`);
    }
  }

  private async deliver(delivery: ClaimedDelivery): Promise<boolean> {
    const event = await this.outbox.event(delivery);
    const failure = event ? await this.send(event, delivery.destination) : null;
    if (failure === null) {
      await this.outbox.remove(delivery);
      return true;
    }
    const pause = failure === `status ${GONE}` ? null : (PAUSES_SECONDS[delivery.attempt - 1] ?? null);
    await this.outbox.failed(delivery, failure, pause);
    if (pause === null) this.logger.error(`${delivery.destination} was not told of ${delivery.eventId} (${failure})`);
    return false;
  }

  /** What went wrong; null when it was taken. */
  private async send(event: AuditEventEntity, destination: string): Promise<string | null> {
    const { id, type, at, ...data } = event;
    const secrets = this.secrets.filter(([name]) => name === destination).map(([, secret]) => secret);
    const message = webhookMessage(id, { type, timestamp: at, data: { id, ...data } }, this.clock.now(), secrets);
    try {
      const status = await this.client.post(this.urls.get(destination)!, message);
      return status >= 200 && status < 300 ? null : `status ${status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
