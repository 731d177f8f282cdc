import type { Feature } from '../../config/feature.js';
import { SessionDelivery } from './session.delivery.js';
import { SessionStrategy } from './session.strategy.js';

/** `AUTH_STRATEGIES=session`: a cookie. */
export const sessionFeature: Feature = {
  name: 'session',
  providers: [SessionDelivery],
  strategies: { session: SessionStrategy },
};
