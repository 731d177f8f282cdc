import type { Room } from '../config/room.js';
import { AccountSecurity } from './account-security.js';
import { AdministratorAlerts } from './administrator-alerts.js';
import { EndedHoldings } from './ended-holdings.js';
import { KeptAdditions } from './kept-additions.js';
import { LogoutAllController } from './logout-all.controller.js';
import { NotMeLinks } from './not-me-links.js';
import { SecurityNotices } from './security-notices.js';
import { securityOptions } from './security-options.js';
import { SecurityTable, STRICTER_SECURITY_EVENTS } from './security-table.js';
import { SupersededSessions } from './superseded-sessions.js';
import { UnprovenAddresses } from './unproven-addresses.js';

export const securityRoom: Room = {
  name: 'security',
  options: securityOptions,
  holdings: { not_me_links: NotMeLinks },
  controllers: [LogoutAllController],
  providers: [
    { provide: STRICTER_SECURITY_EVENTS, useValue: {} },
    SecurityTable,
    EndedHoldings,
    KeptAdditions,
    SupersededSessions,
    SecurityNotices,
    AdministratorAlerts,
    AccountSecurity,
    UnprovenAddresses,
  ],
};
