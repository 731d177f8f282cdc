import type { Feature } from '../config/feature.js';
import { OutboxController } from '../mail/outbox.controller.js';
import { ExampleController } from './example.controller.js';
import { HomeController } from './home.controller.js';

/** Only for trying out: the mails that were sent, and routes to try the guard on. */
export const developmentFeature: Feature = {
  name: 'development',
  controllers: [HomeController, OutboxController, ExampleController],
};
