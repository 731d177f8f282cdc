import type { OnApplicationShutdown } from '@nestjs/common';

/**
 * Passwords that are known from data breaches. Asked when a password is chosen (registration, reset, change, by an admin), never at a
 * login. Default: a file, a range service, or none, as the options say.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: BreachedPasswords, useClass: CompanyBreachList }] })
 */
export abstract class BreachedPasswords {
  /**
   * Whether the password is known. What is thrown, and no answer in time, count as the option `breachedPasswordsFailOpen` says.
   *
   * @param password normalized; must reach no log, and no other machine in any form that it could be told from
   * @param signal aborts when the request no longer waits
   */
  abstract includes(password: string, signal: AbortSignal): Promise<boolean>;
}

/** None is known. */
export class NoBreachedPasswords extends BreachedPasswords {
  async includes(): Promise<boolean> {
    return false;
  }
}

/** Known where any of several lists has it. A list that fails is no answer, unless another has the password. */
export class AnyBreachedPasswords extends BreachedPasswords implements OnApplicationShutdown {
  constructor(private readonly lists: readonly BreachedPasswords[]) {
    super();
  }

  async includes(password: string, signal: AbortSignal): Promise<boolean> {
    const answers = await Promise.allSettled(this.lists.map((list) => list.includes(password, signal)));
    if (answers.some((answer) => answer.status === 'fulfilled' && answer.value)) return true;
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    return false;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const list of this.lists as readonly Partial<OnApplicationShutdown>[]) await list.onApplicationShutdown?.();
  }
}
