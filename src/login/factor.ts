import type { EntityManager } from 'typeorm';
import type { HttpRequest } from '../access/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserRecord } from '../users/user.store.js';

/** Somebody has proven to be a user. */
export interface FactorProof {
  readonly user: UserRecord;
  /** What was proven, RFC 8176 §2. With `mfa` among it this one proof is as good as two. */
  readonly amr: readonly string[];
}

/** What a user whose name is known gives to prove who they are. Nothing about it checked but its types. */
export interface FactorClaim {
  readonly user: UserRecord;
  readonly code?: string;
  readonly credential?: Readonly<Record<string, unknown>>;
  /** What challenges for this proof are bound to: the half-login's id, or the session's. */
  readonly boundTo: string;
  readonly request: HttpRequest;
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
}

/**
 * One way a person proves who they are. A new one is a folder under `factors/` exporting a `Room` that lists its class
 * under `factors`. What is enrolled, changed or removed goes through `EnrolmentService`. Whether a factor comes first or second is
 * `LoginPolicy`'s to say; what it is able to, the factor's.
 */
export abstract class Factor {
  abstract readonly name: string;

  /** What a mail calls it, with its article. Default: after its name. */
  get title(): string {
    return `a ${this.name.replaceAll('_', ' ')}`;
  }

  /** What a proof adds to the session's `amr`, RFC 8176 §2; a proof may say more. */
  abstract readonly amr: readonly string[];

  /** Whether a login can begin with it: {@link prove} finds out whose it is. */
  readonly canBegin: boolean = false;

  /** Whether a login can go on with it: {@link proveFor} is given whose it is. */
  readonly canFollow: boolean = false;

  /** Whether it is only for when another one is lost: nobody has it alone, and no policy is content with having it. */
  readonly isBackup: boolean = false;

  /**
   * Whether a proof can be guessed by trying often: then wrong ones in a row are counted per user and held back. False for what
   * nobody guesses, such as a signature: it stays open however often the user's codes were tried.
   */
  readonly isGuessable: boolean = true;

  /**
   * The e-mail address the caller claims to have, as typed; attempts are counted, and locked, by it. The default: none, as with
   * a proof that itself says whose it is.
   */
  claimedEmail(_request: HttpRequest): string | null {
    return null;
  }

  /**
   * Judges the proof in the request's body, which has been validated. Whether the user may log in at all (verified,
   * banned) is *not* checked here.
   *
   * @param isLocked whether too many proofs for this address were wrong: then none is right, at the cost of a true check
   * @throws AuthError `invalid_credentials`, whatever the cause and always at the cost of a true check
   * @throws AuthError `unavailable` when the check cannot be made now
   */
  async prove(_request: HttpRequest, _isLocked?: boolean): Promise<FactorProof> {
    throw new AuthError('invalid_credentials', { reason: 'factor_begins_no_login' });
  }

  /**
   * Judges a proof of a known user. Attempts are counted before it is asked. What works once is used up by this.
   *
   * @returns what was proven, RFC 8176 §2
   * @throws AuthError `invalid_credentials`, whatever the cause
   */
  async proveFor(_claim: FactorClaim): Promise<readonly string[]> {
    throw new AuthError('invalid_credentials', { reason: 'factor_follows_no_login' });
  }

  /** What the user can prove by it at this moment; empty: nothing. `within`: as of that transaction. */
  abstract enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]>;

  /**
   * Forgets what is enrolled, pending too: all, or what `which` says. Within the transaction of whoever says so, which has locked the
   * user. Whoever cannot tell one from another forgets all.
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
