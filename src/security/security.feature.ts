import type { Feature } from '../config/feature.js';
import { AccountSecurity } from './account-security.js';
import { ActorsInForce } from './actors-in-force.js';
import { AdminAlerts } from './admin-alerts.js';
import { EffectiveSecurityTable, STRICTER_SECURITY_EVENTS } from './effective-security-table.js';
import { EndedHoldings } from './ended-holdings.js';
import { HeldCounts } from './held-counts.js';
import { KeptAdditions } from './kept-additions.js';
import { LogoutAllController } from './logout-all.controller.js';
import { NotMeLinks } from './not-me-links.js';
import { securityMailTemplates } from './security-mail-templates.js';
import { SecurityNotifications } from './security-notifications.js';
import { securityOptions } from './security-options.js';
import { SupersededSessions } from './superseded-sessions.js';
import { UnprovenAddresses } from './unproven-addresses.js';

export const securityFeature: Feature = {
  name: 'security',
  mails: securityMailTemplates,
  options: securityOptions,
  holdings: { not_me_links: NotMeLinks },
  controllers: [LogoutAllController],
  providers: [
    { provide: STRICTER_SECURITY_EVENTS, useValue: {} },
    EffectiveSecurityTable,
    EndedHoldings,
    HeldCounts,
    KeptAdditions,
    SupersededSessions,
    SecurityNotifications,
    AdminAlerts,
    ActorsInForce,
    AccountSecurity,
    UnprovenAddresses,
  ],
};
