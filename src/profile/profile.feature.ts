import type { Feature } from '../config/feature.js';
import { mergeWords } from '../languages/define-words.js';
import { defineTemplates } from '../pages/define-templates.js';
import { linkTemplate } from '../pages/links/link-template.js';
import { ConfirmEmailPage } from './confirm-email.page.js';
import { DataExportController } from './data-export.controller.js';
import { DataExport } from './data-export.js';
import { EmailChangeController } from './email-change.controller.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailChangeLinks, UndoLinks } from './email-change-links.js';
import { EmailChangeMails } from './email-change-mails.js';
import { NotMeController } from './not-me.controller.js';
import { NotMePage } from './not-me.page.js';
import { NotMeService } from './not-me.service.js';
import { OwnProfile } from './own-profile.js';
import { OwnProof } from './own-proof.js';
import { AccountPage } from './pages/account.page.js';
import { AccountDeletePage } from './pages/delete.page.js';
import { AccountEmailPage } from './pages/email.page.js';
import { AccountExportPage } from './pages/export.page.js';
import { profileWords } from './pages/profile.words.js';
import { ProfileFields } from './pages/profile-fields.js';
import { profilePages } from './pages/profile-pages.js';
import { AccountLogPage } from './pages/security-log.page.js';
import { ProfileController } from './profile.controller.js';
import { profileEvents, profileSecurityLog } from './profile-events.js';
import { profileLinksWords } from './profile-links.words.js';
import { profileMailTemplates } from './profile-mail-templates.js';
import { profileOptions } from './profile-options.js';
import { SecurityLogController } from './security-log.controller.js';
import { SecurityLogPersonalData } from './security-log.personal-data.js';
import { UndoEmailPage } from './undo-email.page.js';
import { UserDeletionService } from './user-deletion.service.js';
import { WaysBack } from './ways-back.js';

export const profileFeature: Feature = {
  name: 'profile',
  mails: profileMailTemplates,
  events: profileEvents,
  securityLog: profileSecurityLog,
  options: profileOptions,
  controllers: [
    ProfileController,
    EmailChangeController,
    NotMeController,
    ConfirmEmailPage,
    UndoEmailPage,
    NotMePage,
    DataExportController,
    SecurityLogController,
    AccountPage,
    AccountEmailPage,
    AccountExportPage,
    AccountDeletePage,
    AccountLogPage,
  ],
  pages: {
    ...profilePages,
    ...defineTemplates({
      'confirm-email': linkTemplate('confirm-email'),
      'undo-email': linkTemplate('undo-email'),
      'not-me': linkTemplate('not-me'),
    }),
  },
  words: mergeWords([profileWords, profileLinksWords]),
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  personalData: { securityLog: SecurityLogPersonalData },
  providers: [
    DataExport,
    OwnProfile,
    ProfileFields,
    EmailChangeMails,
    EmailChangeService,
    NotMeService,
    OwnProof,
    UserDeletionService,
    WaysBack,
  ],
};
