import type { Transport } from '../../../kernel/auth-context.js';
import type { FlowPurpose, FlowSecrets } from '../upstreams/upstream.js';

/** How long a user may take at the provider. */
export const FLOW_SECONDS = 600;

/** The user whose account a flow is about, where a logged-in user began it. */
export interface FlowOwner {
  readonly userId: string;
  /** Which has to be in force still when the answer comes. */
  readonly sessionId: string;
  /** The user's, in that session. */
  readonly roles: readonly string[];
}

/** A flow that has begun, as its cookie keeps it. */
export interface FederatedFlow extends FlowSecrets {
  readonly purpose: FlowPurpose;
  readonly connectionId: string;
  /** Of the provider, when it began: an answer of another one is refused. */
  readonly issuer: string;
  /** Where the browser goes in the end: a whole address, or a path of this origin; null: where a login by pages leads. */
  readonly returnTo: string | null;
  /** Whether our pages have begun it, which go on with it. */
  readonly isByPage: boolean;
  readonly strategy: string | undefined;
  readonly transport: Transport | undefined;
  /** Null for a login. */
  readonly owner: FlowOwner | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly expiresAt: number;
}
