import type { Room } from '../config/room.js';
import { ActingSessionsHolding } from './acting-sessions.holding.js';
import { adminEvents } from './admin-events.js';
import { AuditController } from './audit.controller.js';
import { AuditExport } from './audit-export.js';
import { BootstrapController } from './bootstrap.controller.js';
import { EmergencyService } from './emergency.service.js';
import { FirstAdministrator } from './first-administrator.js';
import { ImpersonationService } from './impersonation.service.js';
import { OperatedAddresses } from './operated-addresses.service.js';
import { OperatedSessionsController } from './operated-sessions.controller.js';
import { OperatedUsersController } from './operated-users.controller.js';
import { OperatedUsers } from './operated-users.service.js';
import { operatorsOptions } from './operators-options.js';
import { PowersOverAdministrators } from './powers-over-administrators.js';
import { ServiceUsers } from './service-users.js';
import { UserStandingController } from './user-standing.controller.js';
import { UserStanding } from './user-standing.service.js';

export const operatorsRoom: Room = {
  name: 'operators',
  events: adminEvents,
  options: operatorsOptions,
  holdings: { acting_sessions: ActingSessionsHolding },
  controllers: [
    OperatedUsersController,
    UserStandingController,
    OperatedSessionsController,
    AuditController,
    BootstrapController,
  ],
  providers: [
    OperatedAddresses,
    OperatedUsers,
    PowersOverAdministrators,
    ServiceUsers,
    UserStanding,
    EmergencyService,
    ImpersonationService,
    AuditExport,
    FirstAdministrator,
  ],
};
