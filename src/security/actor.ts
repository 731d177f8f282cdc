import type { RequestOrigin } from '../access/request-origin.js';

/** The session in which somebody acts on another account, as the guard has found it. */
export interface ActorSession {
  readonly id: string;
  /** Which its user had then. */
  readonly roles: readonly string[];
}

/** Who acts on another account. */
export interface Actor {
  /** Null or absent: no user, e.g. whoever may run the command line. */
  readonly actorId?: string | null;
  /** Absent: none that a store of ours knows. */
  readonly actorSession?: ActorSession | undefined;
}

/** What the audit is to know of it. */
export function audited<T extends Actor & { readonly origin: RequestOrigin | null }>({ actorId, origin }: T) {
  return { actorId, origin };
}
