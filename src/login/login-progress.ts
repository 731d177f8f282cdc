import type { AccountState } from '../credentials/account-state.js';
import type { FactorProof } from '../credentials/factor.js';
import type { GivenProof } from '../credentials/verify-proof.js';
import type { KnownDevice } from '../devices/known-devices.js';
import type { PendingGiveBack } from '../limits/pending-give-back.js';
import type { TicketChoice, TicketParams } from '../sessions/session-tickets.js';
/** How the client wants to be recognised, from now on and at its next login. */
export interface LoginParams extends TicketParams {
  /** The device token of an earlier login, from a client that keeps its tokens itself. */
  readonly deviceToken?: string | undefined;
}

/** The next proof of a login that is pending. */
export interface NextProof extends GivenProof {
  readonly loginToken: string;
  /** Its name. */
  readonly factor: string;
  readonly rememberDevice?: boolean;
}

/** The state of a login: its proofs so far, and the client's choices. */
export interface LoginProgress extends TicketChoice, FactorProof {
  /** Names of the factors, in their order. */
  readonly provenFactors: readonly string[];
  /** The device it comes from, if that is known. */
  readonly device: KnownDevice | null;
  /** The device token that the client sent, whether or not it is known. */
  readonly deviceToken: string | null;
  /** Whether the user wants not to be asked for a second factor here from now on. */
  readonly remembersDevice?: boolean | undefined;
  /** The slots of its attempt, which the session's start gives back. */
  readonly slots?: PendingGiveBack;
}

/** The state of a login whose account has been read. */
export type ProgressWithState = LoginProgress & { readonly state: AccountState };
