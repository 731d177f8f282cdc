import type { Feature } from '../config/feature.js';
import { WebhookClient } from './webhook-client.js';
import { webhookEvents } from './webhook-events.js';
import { webhookOptions } from './webhook-options.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookWorker } from './webhook-worker.js';
import { WebhooksController } from './webhooks.controller.js';

export const webhooksFeature: Feature = {
  name: 'webhooks',
  events: webhookEvents,
  options: webhookOptions,
  controllers: [WebhooksController],
  providers: [WebhookClient, WebhookOutbox, WebhookSender, WebhookWorker],
};
