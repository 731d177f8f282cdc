import type { Feature } from '../config/feature.js';
import { DataExportController } from './data-export.controller.js';
import { DataExport } from './data-export.js';
import { EmailChangeController } from './email-change.controller.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailChangeLinks, UndoLinks } from './email-change-links.js';
import { EmailChangeMails } from './email-change-mails.js';
import { NotMeController } from './not-me.controller.js';
import { NotMeService } from './not-me.service.js';
import { ProfileController } from './profile.controller.js';
import { profileEvents, profileUserLog } from './profile-events.js';
import { profileMailTemplates } from './profile-mail-templates.js';
import { profileOptions } from './profile-options.js';
import { SecurityLogController } from './security-log.controller.js';
import { SecurityLogPersonalData } from './security-log.personal-data.js';
import { UserDeletionService } from './user-deletion.service.js';
import { WaysBack } from './ways-back.js';

export const profileFeature: Feature = {
  name: 'profile',
  mails: profileMailTemplates,
  events: profileEvents,
  userLog: profileUserLog,
  options: profileOptions,
  controllers: [ProfileController, EmailChangeController, NotMeController, DataExportController, SecurityLogController],
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  personalData: { securityLog: SecurityLogPersonalData },
  providers: [DataExport, EmailChangeMails, EmailChangeService, NotMeService, UserDeletionService, WaysBack],
};
