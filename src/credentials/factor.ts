import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserRecord } from '../users/user.store.js';
import type { AccountState } from './account-state.js';

/** A correct proof, and the user whose it is. */
export interface FactorProof {
  /** As read before the proof was judged: what has ended all sessions since then ends this login too. */
  readonly user: UserRecord;
  /** The methods proven, RFC 8176 §2. With `mfa` among them this one proof counts as two. */
  readonly amr: readonly string[];
  /**
   * When it was proven; absent: now. Null: unknown, so the session that rests on this proof alone is not fresh, and routes that ask for
   * a fresh one ask for a step-up.
   */
  readonly authenticatedAt?: Date | null | undefined;
  /** The state that was read together with the user, before the proof was checked; given by a factor that {@link Factor.readsState}. */
  readonly state?: AccountState | null;
  /**
   * Data that the factor needs again once a session rests on this proof: {@link Factor.onSession} gets it. Travels, sealed, through a
   * login that asks for more. At most {@link MOST_CONTEXT} characters; what is longer stays with the factor.
   */
  readonly context?: string | undefined;
  /**
   * The id of the session whose user has proven it: a step-up that comes about as a login does. If that session is in force still, the new one
   * has begun when that did; and a second factor is asked for on remembered devices too. Absent: a login.
   */
  readonly stepsUp?: string | undefined;
}

/** Characters: a pending login is carried in a cookie, which holds no more than 4 kB. */
export const MOST_CONTEXT = 1_024;

/** A proof to be checked: data, validated by the factor's own class ({@link Factor.proofClass}), and who sends it. */
export interface Claim<P = unknown> {
  readonly proof: P;
  readonly caller: Caller;
}

/** The first proof of a login, which itself says which user is meant. */
export interface FirstClaim<P = unknown> extends Claim<P> {
  /** Whether the client keeps cookies; otherwise it is handed its tokens in the reply's body, and is no browser. */
  readonly keepsCookies: boolean;

  /**
   * Whether too many proofs for this address were wrong: then none is right, at the cost of a true check. Is being read already; to be
   * awaited before anything is compared.
   */
  isLocked(): Promise<boolean>;
}

/** A proof of a user who is known: at the next step of a login, or by a user who is logged in. */
export interface FactorClaim<P = unknown> extends Claim<P> {
  readonly user: UserRecord;
  /** The id that challenges for this proof are bound to: the pending login's or the session's. */
  readonly boundTo: string;
  /** Whether the user is logged in: then this proof stands alone, and comes after no other. */
  readonly isStepUp: boolean;
}

/** Somewhere else that a proof is made: pages have a button that leads there. */
export interface ProofPlace {
  /** The key by which the factor's pages know it. */
  readonly key: string;
  /** Its display name. */
  readonly label: string;
}

/** The entry points that the pages to sign in and to sign up show. */
export interface PlacesToBegin {
  /** Each has a button. */
  readonly listed: readonly ProofPlace[];
  /** Whether there are others, which are found by the user's e-mail address. */
  readonly areFoundByAddress: boolean;
}

/** One credential of a user, as it may be shown: nothing of its secret. */
export interface EnrolledFactor {
  readonly factor: string;
  /** Where a user may have several of a kind. */
  readonly id: string | null;
  readonly name: string | null;
  readonly enrolledAt: Date;
  readonly lastUsedAt: Date | null;
  /** How often it can still be used; null: for ever. */
  readonly remaining: number | null;
  /** True for a way to log in that no login asks for as a second factor: it satisfies no policy. Absent: its factor says what it can do. */
  readonly beginsOnly?: true;
}

/**
 * One way a person proves who they are. A new one is a folder under `factors/` exporting a `Feature` that lists its class
 * under `factors`. What is enrolled, changed or removed goes through `EnrolmentService`. Whether a factor comes first or second is
 * `LoginPolicy`'s to say; what it is able to, the factor's.
 */
// biome-ignore lint/suspicious/noExplicitAny: each factor knows the type of its proofs, and a holder of many factors knows none.
export abstract class Factor<P extends object = any> {
  abstract readonly name: string;

  /** Its name in mails, with an article. Default: after its name. */
  get title(): string {
    return `a ${this.name.replaceAll('_', ' ')}`;
  }

  /** The methods that a proof adds to the session's `amr`, RFC 8176 §2; a proof may add more. */
  abstract readonly amr: readonly string[];

  /** The class-validator class of its proofs: nothing else is ever handed to it. */
  abstract readonly proofClass: Type<P>;

  /** Whether a login can begin with it: {@link begin} finds out whose it is. */
  readonly canBegin: boolean = false;

  /** Whether a login can go on with it: {@link verify} is given whose it is. */
  readonly canFollow: boolean = false;

  /** Whether {@link begin} reads the account's state together with the user, and returns it as `state`. Otherwise the caller reads it: the global epoch before {@link begin}, the rest after. */
  readonly readsState: boolean = false;

  /** Whether it only replaces another one that is lost: it does not exist alone, and satisfies no policy. */
  readonly isBackup: boolean = false;

  /**
   * Whether a proof can be guessed by trying often: then wrong ones in a row are counted per user and held back. False for what
   * cannot be guessed, such as a signature: it stays open however often the user's codes were tried.
   */
  readonly isGuessable: boolean = true;

  /**
   * On pages, the module that makes a proof of it in the browser; null: the proof is a code that the user types. A module finds its form by
   * `data-factor`, and fills its field `credential` with JSON.
   */
  readonly pageModule: string | null = null;

  /** On pages, whether its codes have digits only: phones show the keys for them then. */
  readonly hasNumericCodes: boolean = false;

  /**
   * On pages, where else a login can begin. A form with `place`, or with `email`, is sent to the factor's page `/sign-in/<name>`; the words of its buttons are
   * `<name>.continue-with` (`{name}`) and `<name>.by-address`. Default: nowhere.
   */
  async placesToBegin(): Promise<PlacesToBegin> {
    return { listed: [], areFoundByAddress: false };
  }

  /**
   * On pages, where else a logged-in user can prove this factor anew. A form with `place` is sent to the factor's page `/confirm/<name>`; the word of the
   * buttons is `<name>.confirm-with` (`{name}`). Default: nowhere.
   */
  async placesToConfirm(_userId: string): Promise<readonly ProofPlace[]> {
    return [];
  }

  /**
   * The e-mail address that is claimed, as typed; attempts are counted, and locked, by it. The default: none, as with
   * a proof that itself says whose it is.
   */
  claimedEmail(_proof: P): string | null {
    return null;
  }

  /**
   * Checks the first proof of a login. Whether the user may log in at all (verified, banned) is *not* checked here.
   *
   * @throws AuthError `invalid_credentials`, whatever the cause and always at the cost of a true check
   * @throws AuthError `unavailable` when the check cannot be made now
   */
  async begin(_claim: FirstClaim<P>): Promise<FactorProof> {
    throw new AuthError('invalid_credentials', { reason: 'factor_begins_no_login' });
  }

  /**
   * Checks a proof of a known user. Attempts are counted before it is asked. What works once is used up by this.
   *
   * @returns what was proven, RFC 8176 §2
   * @throws AuthError `invalid_credentials`, whatever the cause
   */
  async verify(_claim: FactorClaim<P>): Promise<readonly string[]> {
    throw new AuthError('invalid_credentials', { reason: 'factor_follows_no_login' });
  }

  /**
   * A session has started that rests on a proof for which {@link begin} gave a `context`. No client holds its tickets yet: what this throws ends
   * it, and is what the login answers. To end such a session later, see `FactorSessions`.
   */
  async onSession(_context: string, _sessionId: string): Promise<void> {
    throw new TypeError('a factor whose proofs have a context is told of their sessions: implement onSession');
  }

  /**
   * Takes over what a user has enrolled in another system. Default: nothing can be.
   *
   * @param given what the imported row says under `factors.<name>`; nothing about it is checked
   * @returns how it is written for the user, within the transaction that makes them, so that {@link enrolledBy} tells it; null for what cannot be taken over
   */
  importOne(_given: unknown): ((userId: string, within: EntityManager) => Promise<void>) | null {
    return null;
  }

  /** The proofs that the user can give at this moment; empty: none. `within`: as of that transaction. */
  abstract enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]>;

  /**
   * Forgets what is enrolled, pending too: all, or what `which` says. Within the transaction of the caller, which has locked the
   * user. A factor that cannot tell one from another forgets all.
   */
  abstract removeAllOf(userId: string, within: EntityManager, which?: FactorSelection): Promise<void>;
}

/** Which of a user's enrolled factors of one kind are meant. */
export interface FactorSelection {
  /** Only what was enrolled at this instant or later. */
  readonly since?: Date | undefined;
  /** Only the one of this id, where a user may have several. */
  readonly id?: string | undefined;
}

/** Whether something that was enrolled at `at` is meant. */
export function isSelected({ since }: FactorSelection, at: Date): boolean {
  return since === undefined || at >= since;
}

/** DI token of all factors. */
export const FACTORS = Symbol('coatcheck.factors');
