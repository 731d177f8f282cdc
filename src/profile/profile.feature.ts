import type { Feature } from '../config/feature.js';
import { defineTemplates } from '../pages/define-templates.js';
import { linkTemplate } from '../pages/links/link-template.js';
import { ConfirmEmailPage } from './confirm-email.page.js';
import { EmailChangeController } from './email-change.controller.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailChangeLinks, UndoLinks } from './email-change-links.js';
import { EmailChangeMails } from './email-change-mails.js';
import { NotMeController } from './not-me.controller.js';
import { NotMePage } from './not-me.page.js';
import { NotMeService } from './not-me.service.js';
import { ProfileController } from './profile.controller.js';
import { profileLinksWords } from './profile-links.words.js';
import { profileMailTemplates } from './profile-mail-templates.js';
import { profileOptions } from './profile-options.js';
import { UndoEmailPage } from './undo-email.page.js';
import { UserDeletionService } from './user-deletion.service.js';
import { WaysBack } from './ways-back.js';

export const profileFeature: Feature = {
  name: 'profile',
  mails: profileMailTemplates,
  options: profileOptions,
  controllers: [ProfileController, EmailChangeController, NotMeController, ConfirmEmailPage, UndoEmailPage, NotMePage],
  pages: defineTemplates({
    'confirm-email': linkTemplate('confirm-email'),
    'undo-email': linkTemplate('undo-email'),
    'not-me': linkTemplate('not-me'),
  }),
  words: profileLinksWords,
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  providers: [EmailChangeMails, EmailChangeService, NotMeService, UserDeletionService, WaysBack],
};
