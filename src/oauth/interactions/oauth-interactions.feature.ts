import type { Feature } from '../../config/feature.js';
import { interactionWords } from './pages/interaction.words.js';
import { interactionPages } from './pages/interaction-pages.js';

/** Sign-in and consent for a client: routes and pages. */
export const oauthInteractionsFeature: Feature = {
  name: 'oauth-interactions',
  pages: interactionPages,
  words: interactionWords,
};
