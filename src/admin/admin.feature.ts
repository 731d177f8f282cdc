import type { Feature } from '../config/feature.js';
import { ActingSessionsHolding } from './acting-sessions.holding.js';
import { AdminAddressesService } from './admin-addresses.service.js';
import { adminEvents } from './admin-events.js';
import { adminMailTemplates } from './admin-mail-templates.js';
import { adminOptions } from './admin-options.js';
import { AdminSessionsController } from './admin-sessions.controller.js';
import { AdminUserStatusController } from './admin-user-status.controller.js';
import { AdminUserStatusService } from './admin-user-status.service.js';
import { AdminUsersController } from './admin-users.controller.js';
import { AdminUsersService } from './admin-users.service.js';
import { AuditController } from './audit.controller.js';
import { AuditExport } from './audit-export.js';
import { BootstrapController } from './bootstrap.controller.js';
import { EmergencyService } from './emergency.service.js';
import { FirstAdmin } from './first-admin.js';
import { ImpersonationService } from './impersonation.service.js';
import { PowersOverAdmins } from './powers-over-administrators.js';
import { ServiceUsers } from './service-users.js';

export const adminFeature: Feature = {
  name: 'admin',
  mails: adminMailTemplates,
  events: adminEvents,
  options: adminOptions,
  holdings: { acting_sessions: ActingSessionsHolding },
  controllers: [
    AdminUsersController,
    AdminUserStatusController,
    AdminSessionsController,
    AuditController,
    BootstrapController,
  ],
  providers: [
    AdminAddressesService,
    AdminUsersService,
    PowersOverAdmins,
    ServiceUsers,
    AdminUserStatusService,
    EmergencyService,
    ImpersonationService,
    AuditExport,
    FirstAdmin,
  ],
};
