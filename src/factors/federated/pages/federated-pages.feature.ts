import type { Feature } from '../../../config/feature.js';
import { mergeWords } from '../../../languages/define-words.js';
import { defineTemplates } from '../../../pages/define-templates.js';
import { AdminConnectionsPage } from './admin-connections.page.js';
import {
  CONNECTION_ACT,
  CONNECTION_ACT_SAMPLE,
  CONNECTION_NEW,
  CONNECTION_NEW_SAMPLE,
  CONNECTION_PAGE,
  CONNECTION_SAMPLE,
  CONNECTIONS,
  CONNECTIONS_SAMPLE,
} from './admin-connections.template.js';
import { adminConnectionsWords } from './admin-connections.words.js';
import { AdminUserIdentitiesPage } from './admin-user-identities.page.js';
import { Departures } from './departures.js';
import { FederatedConfirmPage } from './federated-confirm.page.js';
import { federatedPagesWords } from './federated-pages.words.js';
import { FederatedSignInPage } from './federated-sign-in.page.js';
import { BY_ADDRESS, BY_ADDRESS_SAMPLE, LEAVING, LEAVING_SAMPLE } from './federated-sign-in.template.js';
import { IdentitiesPage } from './identities.page.js';
import {
  IDENTITIES,
  IDENTITIES_SAMPLE,
  UNLINK,
  UNLINK_SAMPLE,
  USER_IDENTITIES,
  USER_IDENTITIES_SAMPLE,
} from './identities.template.js';
import { IdentitiesEntry } from './identities-entry.js';
import { ShownIdentities } from './shown-identities.js';

/** The pages of signing in with other providers, for users and admins. */
export const federatedPagesFeature: Feature = {
  name: 'federated-pages',
  pages: defineTemplates({
    'federated-sign-in': { source: BY_ADDRESS, sample: BY_ADDRESS_SAMPLE },
    'federated-leaving': { source: LEAVING, sample: LEAVING_SAMPLE },
    'account-identities': {
      source: IDENTITIES,
      sample: IDENTITIES_SAMPLE,
      nav: { area: 'account', order: 35, path: '/account/identities' },
    },
    'account-identity-unlink': { source: UNLINK, sample: UNLINK_SAMPLE },
    'admin-connections': {
      source: CONNECTIONS,
      sample: CONNECTIONS_SAMPLE,
      scripts: ['swap.js'],
      nav: { area: 'admin', order: 57, path: '/admin/ui/connections' },
    },
    'admin-connection-new': { source: CONNECTION_NEW, sample: CONNECTION_NEW_SAMPLE },
    'admin-connection': { source: CONNECTION_PAGE, sample: CONNECTION_SAMPLE },
    'admin-connection-act': { source: CONNECTION_ACT, sample: CONNECTION_ACT_SAMPLE },
    'admin-user-identities': { source: USER_IDENTITIES, sample: USER_IDENTITIES_SAMPLE },
  }),
  words: mergeWords([federatedPagesWords, adminConnectionsWords]),
  controllers: [
    FederatedSignInPage,
    FederatedConfirmPage,
    IdentitiesPage,
    AdminConnectionsPage,
    AdminUserIdentitiesPage,
  ],
  providers: [Departures, ShownIdentities, IdentitiesEntry],
};
