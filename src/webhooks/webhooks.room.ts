import type { Room } from '../config/room.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookCourier } from './webhook-courier.js';
import { webhookEvents } from './webhook-events.js';
import { webhookOptions } from './webhook-options.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { WebhooksController } from './webhooks.controller.js';

export const webhooksRoom: Room = {
  name: 'webhooks',
  events: webhookEvents,
  options: webhookOptions,
  controllers: [WebhooksController],
  providers: [WebhookClient, WebhookOutbox, WebhookCourier],
};
