import type { Room } from '../../config/room.js';
import { SessionStrategy } from './session.strategy.js';
import { SessionDelivery } from './session-delivery.js';

/** `AUTH_STRATEGIES=session`: a cookie. */
export const sessionRoom: Room = {
  name: 'session',
  providers: [SessionDelivery],
  strategies: { session: SessionStrategy },
};
