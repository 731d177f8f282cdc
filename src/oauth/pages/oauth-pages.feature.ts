import type { Feature } from '../../config/feature.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { isOAuthOn } from '../oauth-options.js';
import { AdminClientsPage } from './admin-clients.page.js';
import {
  CLIENT_ACT,
  CLIENT_ACT_SAMPLE,
  CLIENT_NEW,
  CLIENT_NEW_SAMPLE,
  CLIENT_PAGE,
  CLIENT_SAMPLE,
  CLIENT_SECRET,
  CLIENT_SECRET_SAMPLE,
  CLIENTS,
  CLIENTS_SAMPLE,
} from './admin-clients.template.js';
import { AdminResourcesPage } from './admin-resources.page.js';
import { RESOURCE, RESOURCE_SAMPLE, RESOURCES, RESOURCES_SAMPLE } from './admin-resources.template.js';
import { AdminUserAppsPage } from './admin-user-apps.page.js';
import { Applications } from './applications.js';
import { AppsPage } from './apps.page.js';
import { APPS, APPS_SAMPLE, USER_APPS, USER_APPS_SAMPLE } from './apps.template.js';
import { oauthPagesWords } from './oauth-pages.words.js';

/** The pages of applications, for users and admins. */
export const oauthPagesFeature: Feature = {
  name: 'oauth-pages',
  pages: defineTemplates({
    'account-apps': {
      source: APPS,
      sample: APPS_SAMPLE,
      nav: { area: 'account', order: 45, path: '/account/apps', shownIf: isOAuthOn },
    },
    'admin-user-apps': { source: USER_APPS, sample: USER_APPS_SAMPLE },
    'admin-clients': {
      source: CLIENTS,
      sample: CLIENTS_SAMPLE,
      scripts: ['swap.js'],
      nav: {
        area: 'admin',
        order: 55,
        path: '/admin/ui/clients',
        also: ['/admin/ui/resources', '/admin/ui/logout-notices'],
        shownIf: isOAuthOn,
      },
    },
    'admin-client-new': { source: CLIENT_NEW, sample: CLIENT_NEW_SAMPLE },
    'admin-client': { source: CLIENT_PAGE, sample: CLIENT_SAMPLE },
    'admin-client-secret': { source: CLIENT_SECRET, sample: CLIENT_SECRET_SAMPLE },
    'admin-client-act': { source: CLIENT_ACT, sample: CLIENT_ACT_SAMPLE },
    'admin-resources': { source: RESOURCES, sample: RESOURCES_SAMPLE },
    'admin-resource': { source: RESOURCE, sample: RESOURCE_SAMPLE },
    'admin-resource-new': { source: RESOURCE, sample: { ...RESOURCE_SAMPLE, isKnown: false } },
  }),
  words: oauthPagesWords,
  controllers: [AppsPage, AdminClientsPage, AdminResourcesPage, AdminUserAppsPage],
  providers: [Applications],
};
