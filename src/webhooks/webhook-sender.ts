import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { AuditEventEntity } from '../audit/audit-event.entity.js';
import { Options } from '../config/options.js';
import { JobRefused } from '../jobs/job-handler.js';
import { Clock } from '../kernel/clock.js';
import { webhookMessage } from './signed-webhook.js';
import { WebhookClient } from './webhook-client.js';
import { named, webhookOptions } from './webhook-options.js';

const GONE = 410;
/** Type of what is sent as a test: no event of the audit. */
const TEST = 'webhook.test';

/** Sends an event to a webhook; anything but a 2xx is a failure, a 410 a final one. */
@Injectable()
export class WebhookSender {
  private readonly urls: ReadonlyMap<string, string>;
  private readonly secrets: readonly [name: string, secret: string][];

  constructor(
    private readonly client: WebhookClient,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { webhooks, webhookSecrets } = options.of(webhookOptions);
    this.urls = new Map(named(webhooks));
    this.secrets = named(webhookSecrets);
  }

  /** @throws JobRefused when the destination wants no more events, Error for any other answer than a 2xx */
  async send(destination: string, event: AuditEventEntity): Promise<void> {
    const { id, type, at, ...data } = event;
    const status = await this.post(destination, id, { type, timestamp: at, data: { id, ...data } });
    if (status === GONE) throw new JobRefused(`status ${status}`);
    if (status < 200 || status > 299) throw new Error(`status ${status}`);
  }

  /** Sends an event that never happened, once, and answers the status. @throws Error when there is no answer */
  async sendTest(destination: string): Promise<number> {
    const at = this.clock.now();
    const id = uuidv7({ msecs: at.getTime() });
    return this.post(destination, id, { type: TEST, timestamp: at, data: { id } });
  }

  /** Of what went wrong, for logs and tables. */
  reasonOf(error: unknown): string {
    return (error as Error).message.slice(0, 200);
  }

  private post(destination: string, id: string, payload: object): Promise<number> {
    const secrets = this.secrets.filter(([name]) => name === destination).map(([, secret]) => secret);
    const message = webhookMessage(id, payload, this.clock.now(), secrets);
    return this.client.post(this.urls.get(destination)!, message);
  }
}
