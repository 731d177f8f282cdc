import type { Feature } from '../config/feature.js';
import { EmailChangeController } from './email-change.controller.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailChangeLinks, UndoLinks } from './email-change-links.js';
import { EmailChangeMails } from './email-change-mails.js';
import { NotMeController } from './not-me.controller.js';
import { NotMeService } from './not-me.service.js';
import { ProfileController } from './profile.controller.js';
import { profileMailTemplates } from './profile-mail-templates.js';
import { profileOptions } from './profile-options.js';
import { UserDeletionService } from './user-deletion.service.js';
import { WaysBack } from './ways-back.js';

export const profileFeature: Feature = {
  name: 'profile',
  mails: profileMailTemplates,
  options: profileOptions,
  controllers: [ProfileController, EmailChangeController, NotMeController],
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  providers: [EmailChangeMails, EmailChangeService, NotMeService, UserDeletionService, WaysBack],
};
