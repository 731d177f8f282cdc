import { RecognisedUsers } from '../access/recognised-users.js';
import type { Feature } from '../config/feature.js';
import { DeclaredFields } from '../http/body-fields.js';
import { deleting } from '../kernel/cleanup-task.js';
import { MailReaders } from '../mail/mail-readers.js';
import { Admins } from './admins.js';
import { DeclaredFormFields } from './declared-form-fields.js';
import { DeclaredUserFields } from './declared-user-fields.js';
import { EmailChangeEntity } from './email-change.entity.js';
import { EmailChanges } from './email-changes.js';
import { KnownUsers } from './known-users.js';
import { ConfiguredMailboxPolicy, MailboxPolicy } from './mailbox-policy.js';
import { MailedTokenEntity } from './mailed-token.entity.js';
import { MailedTokens } from './mailed-tokens.js';
import { ConfiguredRegistrationPolicy, RegistrationPolicy } from './registration-policy.js';
import { TypeormUserStore } from './typeorm-user.store.js';
import { TypeormUserDirectory } from './typeorm-user-directory.js';
import { UnprovenUserEntity } from './unproven-user.entity.js';
import { UnprovenUsers } from './unproven-users.js';
import { UserEntity } from './user.entity.js';
import { EmailChangePersonalData, UserPersonalData } from './user.personal-data.js';
import { UserStore } from './user.store.js';
import { UserDescriptions } from './user-descriptions.js';
import { UserDirectory } from './user-directory.js';
import { accountSecurityLog, userEvents } from './user-events.js';
import { UserLanguages } from './user-languages.js';
import { userTabsWords } from './user-tabs.js';
import { usersOptions } from './users-options.js';

const DAY = 86_400;

export const usersFeature: Feature = {
  name: 'users',
  words: userTabsWords,
  events: userEvents,
  securityLog: accountSecurityLog,
  cleanups: {
    useFactory: () => [
      deleting('mailed_tokens', 'expires_at', 30 * DAY),
      deleting('email_changes', 'requested_at', 90 * DAY),
    ],
  },
  options: usersOptions,
  entities: [UserEntity, UnprovenUserEntity, MailedTokenEntity, EmailChangeEntity],
  personalData: { user: UserPersonalData, emailChanges: EmailChangePersonalData },
  providers: [
    { provide: UserStore, useClass: TypeormUserStore },
    { provide: UserDirectory, useClass: TypeormUserDirectory },
    { provide: RecognisedUsers, useClass: KnownUsers },
    { provide: RegistrationPolicy, useClass: ConfiguredRegistrationPolicy },
    { provide: MailboxPolicy, useClass: ConfiguredMailboxPolicy },
    { provide: MailReaders, useClass: UserLanguages },
    DeclaredUserFields,
    DeclaredFormFields,
    { provide: DeclaredFields, useExisting: DeclaredUserFields },
    Admins,
    MailedTokens,
    UnprovenUsers,
    EmailChanges,
    UserDescriptions,
  ],
};
