import type { Feature } from '../config/feature.js';
import { deleting } from '../kernel/cleanup-task.js';
import { defineTemplates } from '../pages/define-templates.js';
import { linkTemplate } from '../pages/links/link-template.js';
import { AttemptSlots } from './attempt-slots.js';
import { FactorAttempts } from './factor-attempts.js';
import { FactorFailuresEntity } from './factor-failures.entity.js';
import { FactorFailures } from './factor-failures.js';
import { GuessNotifications } from './guess-notifications.js';
import { LockNotifications } from './lock-notifications.js';
import { LockoutEntity } from './lockout.entity.js';
import { Lockout } from './lockout.js';
import { lockoutWords } from './lockout.words.js';
import { lockoutEvents, lockoutSecurityLog } from './lockout-events.js';
import { lockoutMailTemplates } from './lockout-mail-templates.js';
import { lockoutOptions } from './lockout-options.js';
import { LoginAttempts } from './login-attempts.js';
import { UnlockController } from './unlock.controller.js';
import { UnlockPage } from './unlock.page.js';
import { UnlockService } from './unlock.service.js';
import { UnlockLinks } from './unlock-links.holding.js';

const YEAR_SECONDS = 365 * 86_400;

export const lockoutFeature: Feature = {
  name: 'lockout',
  mails: lockoutMailTemplates,
  events: lockoutEvents,
  securityLog: lockoutSecurityLog,
  options: lockoutOptions,
  entities: [LockoutEntity, FactorFailuresEntity],
  controllers: [UnlockController, UnlockPage],
  pages: defineTemplates({ unlock: linkTemplate('unlock') }),
  words: lockoutWords,
  holdings: { unlock_links: UnlockLinks },
  cleanups: {
    useFactory: () => [
      deleting('lockouts', 'expires_at'),
      // In a row for as long as that; also what is left of users who are gone.
      deleting('factor_failures', 'failed_at', YEAR_SECONDS),
    ],
  },
  providers: [
    AttemptSlots,
    LoginAttempts,
    FactorAttempts,
    FactorFailures,
    GuessNotifications,
    Lockout,
    LockNotifications,
    UnlockService,
  ],
};
