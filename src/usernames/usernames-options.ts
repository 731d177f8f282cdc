import { defineOptions, flag, list, seconds } from '../config/option-section.js';
import type { Options } from '../config/options.js';
import { canonicalUsername } from './username.js';

export interface UsernamesOptions {
  readonly usernames: boolean;
  readonly usernamesReserved: readonly string[];
  readonly usernameReleasedSeconds: number;
}

const DAY = 86_400;

export const usernamesOptions = defineOptions<UsernamesOptions>({
  title: 'Usernames',
  specs: {
    usernames: flag({
      default: false,
      description: 'Whether users can choose a username and log in with it in place of the e-mail address.',
    }),
    usernamesReserved: list({
      isShown: true,
      default: [],
      shape: 'usernames, comma-separated',
      each: (name) => canonicalUsername(name) !== null,
      description: 'Usernames that no user can choose, in addition to names such as `admin` and `support`.',
    }),
    usernameReleasedSeconds: seconds({
      default: 90 * DAY,
      min: 0,
      max: 3650 * DAY,
      description: 'How long a username that was given up cannot be chosen by another user.',
    }),
  },
});

export function areUsernamesOn(options: Options): boolean {
  return options.of(usernamesOptions).usernames;
}
