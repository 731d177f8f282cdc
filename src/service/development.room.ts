import type { Room } from '../config/room.js';
import { OutboxController } from '../mail/outbox.controller.js';
import { ExampleController } from './example.controller.js';

/** Only for trying out: the mails that were sent, and routes to try the guard on. */
export const developmentRoom: Room = {
  name: 'development',
  controllers: [OutboxController, ExampleController],
};
