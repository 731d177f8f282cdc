import type { Feature } from '../config/feature.js';
import { defineTemplates } from '../pages/define-templates.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookDestinationsController } from './webhook-destinations.controller.js';
import { WebhookDestinations } from './webhook-destinations.js';
import { webhookEvents } from './webhook-events.js';
import { webhookOptions } from './webhook-options.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookWorker } from './webhook-worker.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksPage } from './webhooks.page.js';
import { WEBHOOKS, WEBHOOKS_SAMPLE } from './webhooks.template.js';
import { webhooksWords } from './webhooks.words.js';

export const webhooksFeature: Feature = {
  name: 'webhooks',
  events: webhookEvents,
  options: webhookOptions,
  words: webhooksWords,
  pages: defineTemplates({
    'admin-webhooks': {
      source: WEBHOOKS,
      sample: WEBHOOKS_SAMPLE,
      nav: { area: 'admin', order: 60, path: '/admin/ui/webhooks' },
    },
  }),
  controllers: [WebhookDestinationsController, WebhooksController, WebhooksPage],
  providers: [WebhookClient, WebhookDestinations, WebhookOutbox, WebhookSender, WebhookWorker],
};
