import type { Feature } from '../config/feature.js';
import { deleting } from '../kernel/cleanup-task.js';
import { defineTemplates } from '../pages/define-templates.js';
import { linkTemplate } from '../pages/links/link-template.js';
import { ActingSessionsHolding } from './acting-sessions.holding.js';
import { AdminAddressesService } from './admin-addresses.service.js';
import { adminEvents, adminSecurityLog } from './admin-events.js';
import { adminMailTemplates } from './admin-mail-templates.js';
import { adminOptions } from './admin-options.js';
import { AdminSessionsController } from './admin-sessions.controller.js';
import { AdminSessionsService } from './admin-sessions.service.js';
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
import { AcceptInvitationController } from './invitations/accept-invitation.controller.js';
import { AcceptInvitationPage } from './invitations/accept-invitation.page.js';
import { InvitationEntity } from './invitations/invitation.entity.js';
import { InvitationMails } from './invitations/invitation-mails.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { Invitations } from './invitations/invitations.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { invitationsWords } from './invitations/invitations.words.js';
import { SentInvitations } from './invitations/sent-invitations.holding.js';
import { PowersOverAdmins } from './powers-over-admins.js';
import { ServiceUsers } from './service-users.js';

export const adminFeature: Feature = {
  name: 'admin',
  mails: adminMailTemplates,
  events: adminEvents,
  securityLog: adminSecurityLog,
  pages: defineTemplates({ invitation: linkTemplate('invitation', { hasPassword: true }) }),
  words: invitationsWords,
  options: adminOptions,
  entities: [InvitationEntity],
  cleanups: { useFactory: () => [deleting('invitations', 'expires_at')] },
  holdings: { acting_sessions: ActingSessionsHolding, sent_invitations: SentInvitations },
  controllers: [
    AdminUsersController,
    AdminUserStatusController,
    AdminSessionsController,
    AuditController,
    BootstrapController,
    InvitationsController,
    AcceptInvitationController,
    AcceptInvitationPage,
  ],
  providers: [
    AdminAddressesService,
    AdminSessionsService,
    AdminUsersService,
    PowersOverAdmins,
    ServiceUsers,
    AdminUserStatusService,
    EmergencyService,
    ImpersonationService,
    AuditExport,
    FirstAdmin,
    Invitations,
    InvitationMails,
    InvitationsService,
  ],
};
