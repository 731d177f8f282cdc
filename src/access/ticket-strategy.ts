import type { Type } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext, RecognisedAuth, StrategyName } from '../kernel/auth-context.js';
import type { Subject } from '../revocation/revocation-feed.js';
import type { Caller } from './caller.js';
import type { Replier } from './replier.js';
import type { SecurityScheme } from './security-scheme.js';

/** A ticket as a request carries it, not verified yet. */
export interface Ticket {
  readonly value: string;
  /** Browsers send cookies, and show certificates, by themselves: neither proves that the page meant it (CSRF). */
  readonly carrier: 'cookie' | 'header' | 'connection';
  /** It came with `Authorization: DPoP`: a proof of possession is due. Absent: it did not, so that what is bound to a key must not pass. */
  readonly isDpop?: true;
}

/**
 * Counts an accepted request under the limits of its ticket, and writes them into headers of the reply.
 *
 * @throws AuthError `rate_limited`, `unavailable`
 */
export type Charge = (replier: Replier) => Promise<void>;

/** Result of a successful verification. */
export interface Verdict {
  readonly auth: RecognisedAuth;
  /** Until when the user is banned, if the strategy knows: null for not at all. Absent: it does not know, and the guard asks. */
  readonly userBannedUntil?: Date | null;
  /** Absent: the ticket has no limits. Called last, so that a request that is refused costs nothing. */
  readonly charge?: Charge;
}

/** A strategy's verdict on a ticket that was presented to another service. */
export interface LookedUp extends Pick<Verdict, 'auth' | 'userBannedUntil'> {
  /** A revocation of any of these makes it void. */
  readonly subjects: readonly Subject[];
  /** When it ends by itself, if nothing ends it before; null: never. */
  readonly until: Date | null;
  /** Whether the answer may be kept until then. False: something may end it that no revocation of its subjects tells of. */
  readonly mayKeep: boolean;
  /** Who may use it besides holding it, RFC 7800, which the other service has to have proven; null: any holder. */
  readonly confirmation: { readonly jkt?: string; readonly 'x5t#S256'?: string } | null;
}

/**
 * Which `Authorization: Bearer` (or `DPoP`) tokens belong to a strategy: those of a certain shape, or `'rest'`: all that no other strategy claims (one
 * strategy at most).
 */
export type BearerClaim = 'none' | 'rest' | ((token: string) => boolean);

/**
 * Returns a base class for ticket strategies that extends a strategy class of Passport. {@link TicketStrategy} is the usual one.
 *
 * @param given to the constructor of that strategy
 */
export function ticketStrategyOn(
  Base: Type<passport.Strategy & passport.StrategyCreatedStatic>,
  ...given: readonly unknown[]
) {
  abstract class TicketStrategyOnPassport extends PassportStrategy(Base, 'ticket') {
    /**
     * How the API document describes its tickets, by the name of the scheme. Of the class, since the document is written without an
     * instance of anything.
     *
     * @param isSecure whether `PUBLIC_URL` is https
     */
    static securitySchemes(_isSecure: boolean): Readonly<Record<string, SecurityScheme>> {
      return {};
    }

    abstract override readonly name: StrategyName;

    readonly bearerTokens: BearerClaim = 'none';

    /** The same of `Authorization: DPoP` (RFC 9449 §7.1), which become tickets with `isDpop`. */
    readonly dpopTokens: BearerClaim = 'none';

    /** Its ticket belongs to the connection, and counts only when the request itself carries none. */
    readonly isOfConnection: boolean = false;

    /**
     * For `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1), e.g. `Bearer realm="coatcheck"`, one for each scheme; null: its tickets cannot be
     * asked for.
     */
    abstract readonly challenge: string | readonly string[] | null;

    constructor() {
      super(...given);
      // Passport makes an object of each attempt: what a strategy notes on itself, and its private fields, would not be there.
      this.verify = this.verify.bind(this);
    }

    /**
     * Every ticket of this kind in the request, unchecked; two different ones are refused before anything is looked up.
     *
     * @param bearer the tokens that are its own by {@link bearerTokens}
     */
    ticketsOf(_request: HttpRequest, bearer: readonly string[]): readonly Ticket[] {
      const tickets: Ticket[] = [];
      for (const value of bearer) tickets.push({ value, carrier: 'header' });
      return tickets;
    }

    /**
     * Verifies a ticket. Answers without a promise where nothing has to be asked, and then throws instead of rejecting: a promise costs
     * every request a detour. Banned users are refused by the guard.
     *
     * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `unavailable`
     */
    abstract verify(ticket: Ticket, caller: Caller): Verdict | Promise<Verdict>;

    /**
     * Looks again at what was recognised before, for connections that outlast their request (`LiveConnections`). Counts as no use of the
     * ticket. Absent: such connections are closed at whatever may have changed the ticket or its user.
     *
     * @returns until when it holds, unless it is ended before; null: without end
     * @throws AuthError `session_ended`, `token_expired`, `unauthenticated`, `unavailable`
     */
    recheck?(auth: AuthContext): Date | null | Promise<Date | null>;

    /**
     * Subjects whose revocation ends a ticket, beside its user's, for connections that outlast their request. The first is the ticket itself, whose end closes
     * them; at any other revocation {@link recheck} is asked. Absent: the session, or `key:` with the credential's id.
     */
    subjectsOf?(auth: AuthContext): readonly [Subject, ...Subject[]];

    /**
     * Judges a ticket that was shown to another service, which asks by an API key with the scope `verify`; counts as a use. Absent: such
     * tickets are for this service alone.
     *
     * @param audience whom the ticket must be for, where it says so
     * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `forbidden`, `unavailable`
     */
    lookUp?(ticket: string, audience: string): LookedUp | Promise<LookedUp>;

    /** Passport's own call, with the caller in the place of a request and the ticket in that of options. */
    override authenticate(caller: object, ticket: object): void {
      let verdict: Verdict | Promise<Verdict>;
      try {
        verdict = this.verify(ticket as Ticket, caller as Caller);
      } catch (error) {
        this.error(error);
        return;
      }
      if (!(verdict instanceof Promise)) this.success(verdict as never);
      else
        verdict.then(
          (later) => this.success(later as never),
          (error) => this.error(error),
        );
    }

    /** Nest's name for what a strategy of Passport's calls back; ours are asked by {@link verify}. */
    validate(): never {
      throw new TypeError('a TicketStrategy is asked by verify');
    }

    /** A throwaway: by its constructor a Nest strategy registers itself, by default with the whole process's Passport. */
    getPassportInstance(): passport.Authenticator {
      return new passport.Authenticator();
    }
  }
  return TicketStrategyOnPassport;
}

/**
 * A way to recognise requests: finds the tickets that a request carries, and verifies one.
 *
 * A new one is a folder under `strategies/` that exports a feature listing its class under `strategies`; naming it in
 * `AUTH_STRATEGIES` switches it on. It lives beside the others: bearer tokens are given to whom they belong.
 *
 * @example
 * class PartnerStrategy extends TicketStrategy {
 *   readonly name = 'partner';
 *   override readonly bearerTokens = (token: string) => token.startsWith('prt_');
 *   readonly challenge = 'Bearer realm="partner"';
 *
 *   async verify({ value }: Ticket): Promise<Verdict> {
 *     const { user, credential, scopes } = await this.partners.find(value); // throws AuthError `unauthenticated`
 *     return { auth: { by: 'oauth', strategy: this.name, user, credential, scopes } };
 *   }
 * }
 */
export abstract class TicketStrategy extends ticketStrategyOn(passport.Strategy) {}

/** DI token of every strategy the features bring, switched on or not. */
export const ALL_STRATEGIES = Symbol('coatcheck.allStrategies');

/** DI token of their classes. */
export const STRATEGY_CLASSES = Symbol('coatcheck.strategyClasses');

/** DI token of all strategies that are switched on, in the order of `AUTH_STRATEGIES`. */
export const STRATEGIES = Symbol('coatcheck.strategies');

/** DI token of this AuthModule's own `passport.Authenticator`, so that two apps in one process stay apart. */
export const AUTHENTICATOR = Symbol('coatcheck.authenticator');
