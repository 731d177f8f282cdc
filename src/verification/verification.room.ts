import type { Room } from '../config/room.js';
import { EmailVerificationController } from './email-verification.controller.js';
import { EmailVerificationService } from './email-verification.service.js';
import { VerificationLetters } from './verification-letters.js';
import { VerificationLinks } from './verification-links.js';
import { VerificationMail } from './verification-mail.js';
import { verificationMailTemplates } from './verification-mail-templates.js';

export const verificationRoom: Room = {
  name: 'verification',
  mails: verificationMailTemplates,
  controllers: [EmailVerificationController],
  holdings: { verification_links: VerificationLinks },
  providers: [VerificationMail, VerificationLetters, EmailVerificationService],
};
