import type passport from 'passport';
import { AuthError } from '../kernel/auth-error.js';
import type { Caller } from './caller.js';
import type { Ticket, Verdict } from './ticket-strategy.js';

/**
 * Verifies a ticket through `authenticate(name)` of this module's Passport: has the strategy of that name verify a ticket. Throws, or rejects, what
 * the strategy reports; answers without a promise when the strategy does.
 */
export type VerifyTicket = (caller: Caller, ticket: Ticket) => Verdict | Promise<Verdict>;

/**
 * Adapts a Passport to requests of any framework, by Passport's own seam for that. Its usual one is for Express: it hangs methods
 * of its own on every request, and answers failures itself. A caller that passes a callback still gets the usual one.
 */
export function adapted(authenticator: passport.Authenticator): passport.Authenticator {
  const usual = (authenticator as unknown as Internals)._framework;
  return authenticator.framework({
    initialize: usual.initialize,
    authenticate: (instance, name, options, callback) =>
      callback ? usual.authenticate(instance, name, options, callback) : verifyBy(instance, name as unknown as string),
  });
}

/** Passport shows its parts to the frameworks it is adapted to, by these names. */
interface Internals {
  readonly _framework: Required<passport.Framework>;
  _strategy(name: string): passport.Strategy | undefined;
}

function verifyBy(authenticator: object, name: string): VerifyTicket {
  const strategy = (authenticator as Internals)._strategy(name);
  if (!strategy) throw new TypeError(`Passport has no strategy named "${name}"`);
  const Attempt = attemptsAt(strategy);
  return (caller, ticket) => {
    const attempt = new Attempt();
    attempt.authenticate(caller as never, ticket);
    return attempt[REPORT].outcome();
  };
}

/** Under a name that no strategy uses for something of its own. */
const REPORT = Symbol('coatcheck.report');

/** As Passport does it: each attempt is an object of its own that inherits from the strategy and has the five verdicts. */
function attemptsAt(strategy: passport.Strategy) {
  class Attempt {
    readonly [REPORT] = new Report();

    success(verdict: unknown): void {
      this[REPORT].settle(verdict, undefined);
    }

    fail(challenge?: unknown): void {
      const refusal = new AuthError('unauthenticated', { reason: 'refused_by_strategy', cause: challenge });
      this[REPORT].settle(undefined, refusal);
    }

    error(error: unknown): void {
      this[REPORT].settle(undefined, error ?? new Error('a strategy reported an error without a cause'));
    }

    pass(): void {
      this.fail('passed');
    }

    redirect(): void {
      this.fail('redirected');
    }
  }
  Object.setPrototypeOf(Attempt.prototype, strategy);
  return Attempt as unknown as new () => passport.Strategy & InstanceType<typeof Attempt>;
}

/**
 * What an attempt has reported. The first verdict counts. Of one class for all strategies: private fields of a class that is made anew
 * for each are slow as soon as there are two.
 */
class Report {
  private isSettled = false;
  private verdict: unknown;
  private error: unknown;
  private waiting: ((outcome: Verdict | Promise<never>) => void) | undefined;

  outcome(): Verdict | Promise<Verdict> {
    if (!this.isSettled) return new Promise((resolve) => (this.waiting = resolve));
    if (this.error !== undefined) throw this.error;
    return this.verdict as Verdict;
  }

  settle(verdict: unknown, error: unknown): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.verdict = verdict;
    this.error = error;
    if (!verdict) this.error ??= new AuthError('unauthenticated', { reason: 'refused_by_strategy' });
    this.waiting?.(this.error === undefined ? (verdict as Verdict) : Promise.reject(this.error));
  }
}
