import type { Feature } from '../config/feature.js';
import { EmailVerificationController } from './email-verification.controller.js';
import { EmailVerificationService } from './email-verification.service.js';
import { VerificationLinks } from './verification-links.js';
import { VerificationMail } from './verification-mail.js';
import { verificationMailTemplates } from './verification-mail-templates.js';
import { VerificationMails } from './verification-mails.js';

export const verificationFeature: Feature = {
  name: 'verification',
  mails: verificationMailTemplates,
  controllers: [EmailVerificationController],
  holdings: { verification_links: VerificationLinks },
  providers: [VerificationMail, VerificationMails, EmailVerificationService],
};
