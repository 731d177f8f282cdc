import type { Room } from '../config/room.js';
import { EmailChangeController } from './email-change.controller.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailChangeLetters } from './email-change-letters.js';
import { EmailChangeLinks, UndoLinks } from './email-change-links.js';
import { NotMeController } from './not-me.controller.js';
import { NotMeService } from './not-me.service.js';
import { ProfileController } from './profile.controller.js';
import { profileMailTemplates } from './profile-mail-templates.js';
import { profileOptions } from './profile-options.js';
import { UserDeletionService } from './user-deletion.service.js';
import { WaysBack } from './ways-back.js';

export const profileRoom: Room = {
  name: 'profile',
  mails: profileMailTemplates,
  options: profileOptions,
  controllers: [ProfileController, EmailChangeController, NotMeController],
  holdings: { email_change_links: EmailChangeLinks, undo_links: UndoLinks },
  providers: [EmailChangeLetters, EmailChangeService, NotMeService, UserDeletionService, WaysBack],
};
