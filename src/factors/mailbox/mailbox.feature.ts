import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { LoginMailEntity } from './login-mail.entity.js';
import { LoginMailCounts, loginMailMetricDescriptions, loginMailMetrics } from './login-mail-counts.js';
import { LoginMailLimits } from './login-mail-limits.js';
import { LoginMailWriter } from './login-mail-writer.js';
import { LoginMailsHolding } from './login-mails.holding.js';
import { LoginMails } from './login-mails.js';
import { LoginRequests } from './login-requests.js';
import { MailboxFactor } from './mailbox.factor.js';
import { MailboxPersonalData } from './mailbox.personal-data.js';
import { mailboxWords } from './mailbox.words.js';
import { mailboxEvents, mailboxSecurityLog } from './mailbox-events.js';
import { MailboxLoginController } from './mailbox-login.controller.js';
import { MailboxLoginService } from './mailbox-login.service.js';
import { mailboxMailTemplates } from './mailbox-mail-templates.js';
import { MailboxNewcomers } from './mailbox-newcomers.js';
import { mailboxOptions } from './mailbox-options.js';
import { MailboxOwners } from './mailbox-owners.js';
import { MailboxUsers } from './mailbox-users.js';
import { MailedSecrets } from './mailed-secrets.js';
import { MailboxLinkPage } from './pages/mailbox-link.page.js';
import { mailboxPages } from './pages/mailbox-pages.js';
import { MailboxSentPage } from './pages/mailbox-sent.page.js';
import { MailboxSignInPage } from './pages/mailbox-sign-in.page.js';

export const mailboxFeature: Feature = {
  name: 'mailbox',
  options: mailboxOptions,
  mails: mailboxMailTemplates,
  words: mailboxWords,
  events: mailboxEvents,
  securityLog: mailboxSecurityLog,
  entities: [LoginMailEntity],
  controllers: [MailboxLoginController, MailboxLinkPage, MailboxSignInPage, MailboxSentPage],
  pages: mailboxPages,
  factors: { mailbox: MailboxFactor },
  holdings: { login_mails: LoginMailsHolding },
  personalData: { loginMails: MailboxPersonalData },
  cleanups: { useFactory: () => [deleting('login_mails', 'expires_at')] },
  metrics: { declared: loginMailMetricDescriptions, inject: [LoginMailCounts], useFactory: loginMailMetrics },
  providers: [
    LoginMails,
    MailedSecrets,
    LoginRequests,
    LoginMailCounts,
    LoginMailLimits,
    MailboxNewcomers,
    LoginMailWriter,
    MailboxLoginService,
    MailboxOwners,
    MailboxUsers,
  ],
};
