import type { Feature } from '../../config/feature.js';
import { SessionClientEntity } from './session-client.entity.js';
import { SessionClients } from './session-clients.js';

/** Tells clients of the end of sessions. */
export const oauthLogoutFeature: Feature = {
  name: 'oauth-logout',
  entities: [SessionClientEntity],
  providers: [SessionClients],
};
