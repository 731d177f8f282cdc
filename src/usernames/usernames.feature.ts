import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { deleting } from '../kernel/cleanup-task.js';
import { defineTemplates } from '../pages/define-templates.js';
import { LoginNames } from './login-names.js';
import { OwnUsername } from './own-username.js';
import { UsernamePage } from './pages/username.page.js';
import { ACCOUNT_USERNAME } from './pages/username.template.js';
import { UsernameEntity } from './username.entity.js';
import { UsernamesController } from './usernames.controller.js';
import { UsernamesHolding } from './usernames.holding.js';
import { Usernames } from './usernames.js';
import { UsernamesPersonalData } from './usernames.personal-data.js';
import { usernamesWords } from './usernames.words.js';
import { usernamesEvents, usernamesSecurityLog } from './usernames-events.js';
import { areUsernamesOn, usernamesOptions } from './usernames-options.js';

export const usernamesFeature: Feature = {
  name: 'usernames',
  options: usernamesOptions,
  events: usernamesEvents,
  securityLog: usernamesSecurityLog,
  words: usernamesWords,
  entities: [UsernameEntity],
  controllers: [UsernamesController, UsernamePage],
  pages: defineTemplates({
    'account-username': {
      source: ACCOUNT_USERNAME,
      sample: { username: 'ada.king', isChosen: true, problem: null },
      nav: { area: 'account', order: 36, path: '/account/username', shownIf: areUsernamesOn },
    },
  }),
  holdings: { usernames: UsernamesHolding },
  personalData: { usernames: UsernamesPersonalData },
  cleanups: {
    inject: [Options],
    useFactory: (options: Options) => [
      deleting('usernames', 'released_at', options.of(usernamesOptions).usernameReleasedSeconds),
    ],
  },
  providers: [Usernames, LoginNames, OwnUsername],
};
