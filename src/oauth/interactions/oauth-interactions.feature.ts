import type { Feature } from '../../config/feature.js';
import { OAuthPages } from '../provider/oauth-pages.js';
import { ConsentGrants } from './consent-grants.js';
import { InteractionController } from './interaction.controller.js';
import { InteractionPage } from './interaction.page.js';
import { InteractionClients } from './interaction-clients.js';
import { InteractionErrorFilter } from './interaction-error.filter.js';
import { InteractionViews } from './interaction-views.js';
import { Interactions } from './interactions.js';
import { LibraryPages } from './library-pages.js';
import { OpenInteractions } from './open-interactions.js';
import { interactionWords } from './pages/interaction.words.js';
import { interactionPages } from './pages/interaction-pages.js';
import { Visitors } from './visitors.js';

/** Sign-in and consent for a client: routes and pages. */
export const oauthInteractionsFeature: Feature = {
  name: 'oauth-interactions',
  pages: interactionPages,
  words: interactionWords,
  controllers: [InteractionController, InteractionPage],
  providers: [
    { provide: OAuthPages, useClass: LibraryPages },
    ConsentGrants,
    InteractionClients,
    InteractionErrorFilter,
    InteractionViews,
    Interactions,
    OpenInteractions,
    Visitors,
  ],
};
