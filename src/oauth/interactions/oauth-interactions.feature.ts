import type { Feature } from '../../config/feature.js';

/** Sign-in and consent for a client: routes and pages. */
export const oauthInteractionsFeature: Feature = { name: 'oauth-interactions' };
