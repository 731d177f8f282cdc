import { Injectable, Logger } from '@nestjs/common';
import { Options } from '../../../config/options.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { inTimeOrAborted } from '../../../kernel/in-time.js';
import { passwordOptions } from '../password-options.js';
import { BreachedPasswordFile } from './breached-password-file.js';
import { BreachedPasswordRange } from './breached-password-range.js';
import { AnyBreachedPasswords, BreachedPasswords, NoBreachedPasswords } from './breached-passwords.js';

/** Asks {@link BreachedPasswords}, for no longer than the options say. */
@Injectable()
export class BreachCheck {
  private readonly logger = new Logger('password');
  private readonly milliseconds: number;
  private readonly failsOpen: boolean;

  constructor(
    private readonly breached: BreachedPasswords,
    options: Options,
  ) {
    const { breachedPasswordsSeconds, breachedPasswordsFailOpen } = options.of(passwordOptions);
    this.milliseconds = breachedPasswordsSeconds * 1000;
    this.failsOpen = breachedPasswordsFailOpen;
  }

  /** @throws AuthError `unavailable` when there is no answer, unless the options say that it counts as none */
  async isBreached(password: string): Promise<boolean> {
    try {
      return await inTimeOrAborted((signal) => this.breached.includes(password, signal), this.milliseconds);
    } catch (error) {
      // Its message may be of another's making; the name tells enough, and can hold no password.
      const name = error instanceof Error ? error.name : 'unknown error';
      this.logger.warn(`the check for breached passwords failed: ${name}`);
      if (this.failsOpen) return false;
      throw new AuthError('unavailable', { reason: 'breach_check_failed' });
    }
  }
}

/** The check against breached passwords that the options name. @throws ConfigurationError for a file that cannot be used */
export function breachedPasswordsFrom(options: Options): BreachedPasswords {
  const { breachedPasswordsFile: file, breachedPasswordsUrl: url } = options.of(passwordOptions);
  const lists = [
    ...(file === '' ? [] : [new BreachedPasswordFile(file)]),
    ...(url === '' ? [] : [new BreachedPasswordRange(url)]),
  ];
  if (lists.length === 0) return new NoBreachedPasswords();
  return lists.length === 1 ? lists[0]! : new AnyBreachedPasswords(lists);
}
