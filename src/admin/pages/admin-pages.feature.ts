import type { Feature } from '../../config/feature.js';
import { defineWords } from '../../languages/define-words.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { ADMIN_PAGES_DE } from './admin-pages.de.js';
import { ADMIN_PAGES_EN } from './admin-pages.en.js';
import { AuditPage } from './audit.page.js';
import { AUDIT, AUDIT_SAMPLE } from './audit.template.js';
import { ConfigurationPage } from './configuration.page.js';
import { CONFIGURATION, CONFIGURATION_SAMPLE } from './configuration.template.js';
import { EndEverythingPage } from './end-everything.page.js';
import { END_EVERYTHING, END_EVERYTHING_SAMPLE } from './end-everything.template.js';
import { InvitationsPage } from './invitations.page.js';
import { INVITATIONS, INVITATIONS_SAMPLE } from './invitations.template.js';
import { UserPage } from './user.page.js';
import { USER, USER_SAMPLE } from './user.template.js';
import { UserActs } from './user-acts.js';
import { UserActsPage } from './user-acts.page.js';
import { USER_ACT, USER_ACT_SAMPLE } from './user-acts.template.js';
import { UserDetailsPage } from './user-details.page.js';
import {
  USER_FACTORS,
  USER_FACTORS_SAMPLE,
  USER_LOG,
  USER_LOG_SAMPLE,
  USER_SESSIONS,
  USER_SESSIONS_SAMPLE,
} from './user-details.template.js';
import { UsersPage } from './users.page.js';
import { SERVICE_USER, SERVICE_USER_SAMPLE, USERS, USERS_SAMPLE } from './users.template.js';

const scripts = ['swap.js'];
const nav = (order: number, path: string) => ({ area: 'admin', order, path: `/admin/ui/${path}` }) as const;

/** The pages for admins. */
export const adminPagesFeature: Feature = {
  name: 'admin-pages',
  words: defineWords({ en: ADMIN_PAGES_EN, de: ADMIN_PAGES_DE }),
  pages: defineTemplates({
    'admin-users': {
      source: USERS,
      sample: USERS_SAMPLE,
      scripts,
      nav: { ...nav(20, 'users'), also: ['/admin/ui/invitations'] },
    },
    'admin-service-user': { source: SERVICE_USER, sample: SERVICE_USER_SAMPLE },
    'admin-user': { source: USER, sample: USER_SAMPLE },
    'admin-user-act': { source: USER_ACT, sample: USER_ACT_SAMPLE },
    'admin-user-sessions': { source: USER_SESSIONS, sample: USER_SESSIONS_SAMPLE, scripts },
    'admin-user-factors': { source: USER_FACTORS, sample: USER_FACTORS_SAMPLE },
    'admin-user-log': { source: USER_LOG, sample: USER_LOG_SAMPLE, scripts },
    'admin-audit': { source: AUDIT, sample: AUDIT_SAMPLE, scripts, nav: nav(40, 'audit') },
    'admin-invitations': { source: INVITATIONS, sample: INVITATIONS_SAMPLE, scripts },
    'admin-configuration': { source: CONFIGURATION, sample: CONFIGURATION_SAMPLE, nav: nav(70, 'configuration') },
    'admin-end-everything': { source: END_EVERYTHING, sample: END_EVERYTHING_SAMPLE },
  }),
  controllers: [
    UsersPage,
    UserPage,
    UserActsPage,
    UserDetailsPage,
    AuditPage,
    InvitationsPage,
    ConfigurationPage,
    EndEverythingPage,
  ],
  providers: [UserActs],
};
