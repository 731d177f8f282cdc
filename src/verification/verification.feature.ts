import type { Feature } from '../config/feature.js';
import { defineTemplates } from '../pages/define-templates.js';
import { linkTemplate } from '../pages/links/link-template.js';
import { EmailVerificationController } from './email-verification.controller.js';
import { EmailVerificationService } from './email-verification.service.js';
import { verificationWords } from './verification.words.js';
import { VerificationLinks } from './verification-links.js';
import { VerificationMail } from './verification-mail.js';
import { verificationMailTemplates } from './verification-mail-templates.js';
import { VerificationMails } from './verification-mails.js';
import { verificationOptions } from './verification-options.js';
import { VerifyEmailPage } from './verify-email.page.js';

export const verificationFeature: Feature = {
  name: 'verification',
  options: verificationOptions,
  mails: verificationMailTemplates,
  controllers: [EmailVerificationController, VerifyEmailPage],
  pages: defineTemplates({
    'verify-email': linkTemplate('verify-email', { again: '/sign-up/sent' }),
    'choose-password': linkTemplate('choose-password', { hasPassword: true }),
  }),
  words: verificationWords,
  holdings: { verification_links: VerificationLinks },
  providers: [VerificationMail, VerificationMails, EmailVerificationService],
};
