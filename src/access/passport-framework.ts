import type passport from 'passport';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpRequest } from './http-exchange.js';
import type { Ticket } from './strategy.js';

/**
 * What `authenticate(name)` of this module's Passport gives: judges a ticket of a request. Throws, or rejects, what the strategy
 * reports; answers without a promise when the strategy does.
 */
export type Judge = (request: HttpRequest, ticket: Ticket) => AuthContext | Promise<AuthContext>;

/**
 * Adapts a Passport to requests of any framework, by Passport's own seam for that. Its usual one is for Express: it hangs methods
 * of its own on every request, and answers failures itself. Whoever gives a callback still gets the usual one.
 */
export function adapted(authenticator: passport.Authenticator): passport.Authenticator {
  const usual = (authenticator as unknown as Internals)._framework;
  return authenticator.framework({
    initialize: usual.initialize,
    authenticate: (instance, name, options, callback) =>
      callback ? usual.authenticate(instance, name, options, callback) : judgeBy(instance, name as unknown as string),
  });
}

/** Passport shows its parts to the frameworks it is adapted to, by these names. */
interface Internals {
  readonly _framework: Required<passport.Framework>;
  _strategy(name: string): passport.Strategy | undefined;
}

function judgeBy(authenticator: object, name: string): Judge {
  const strategy = (authenticator as Internals)._strategy(name);
  if (!strategy) throw new TypeError(`Passport has no strategy named "${name}"`);
  const Attempt = attemptsAt(strategy);
  return (request, ticket) => {
    const attempt = new Attempt();
    attempt.authenticate(request as never, { ticket });
    return attempt.outcome();
  };
}

/** As Passport does it: each attempt is an object of its own that inherits from the strategy and has the five verdicts. */
function attemptsAt(strategy: passport.Strategy) {
  class Attempt {
    #settled = false;
    #context: unknown;
    #error: unknown;
    #waiting: ((attempt: AuthContext | Promise<never>) => void) | undefined;

    success(context: unknown): void {
      this.#settle(context, undefined);
    }

    fail(challenge?: unknown): void {
      this.#settle(undefined, new AuthError('unauthenticated', { reason: 'refused_by_strategy', cause: challenge }));
    }

    error(error: unknown): void {
      this.#settle(undefined, error ?? new Error('a strategy reported an error without a cause'));
    }

    pass(): void {
      this.fail('passed');
    }

    redirect(): void {
      this.fail('redirected');
    }

    /** The first verdict counts. */
    outcome(): AuthContext | Promise<AuthContext> {
      if (!this.#settled) return new Promise((resolve) => (this.#waiting = resolve));
      if (this.#error !== undefined) throw this.#error;
      return this.#context as AuthContext;
    }

    #settle(context: unknown, error: unknown): void {
      if (this.#settled) return;
      this.#settled = true;
      this.#context = context;
      this.#error = error;
      if (!context) this.#error ??= new AuthError('unauthenticated', { reason: 'refused_by_strategy' });
      this.#waiting?.(this.#error === undefined ? (context as AuthContext) : Promise.reject(this.#error));
    }
  }
  Object.setPrototypeOf(Attempt.prototype, strategy);
  return Attempt as unknown as new () => passport.Strategy & InstanceType<typeof Attempt>;
}
