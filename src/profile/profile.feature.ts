import type { Feature } from '../config/feature.js';
import { DataExportController } from './data-export.controller.js';
import { DataExport } from './data-export.js';
import { OwnProfile } from './own-profile.js';
import { AccountPage } from './pages/account.page.js';
import { AccountDeletePage } from './pages/delete.page.js';
import { AccountEmailPage } from './pages/email.page.js';
import { AccountExportPage } from './pages/export.page.js';
import { ProfileFields } from './pages/profile-fields.js';
import { profilePages } from './pages/profile-pages.js';
import { profileWords } from './pages/profile.words.js';
import { AccountLogPage } from './pages/security-log.page.js';
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
  controllers: [ProfileController, EmailChangeController, NotMeController, DataExportController, SecurityLogController, AccountPage, AccountEmailPage, AccountExportPage, AccountDeletePage, AccountLogPage],
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  personalData: { securityLog: SecurityLogPersonalData },
  pages: profilePages,
  words: profileWords,
  providers: [DataExport, OwnProfile, ProfileFields, EmailChangeMails, EmailChangeService, NotMeService, UserDeletionService, WaysBack],
};
