import { originOf, type RequestOrigin } from '../access/request-origin.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext } from '../kernel/auth-context.js';

/** The session in which a user acts on another account, as the guard has found it. */
export interface ActorSession {
  readonly id: string;
  /** Which its user had then. */
  readonly roles: readonly string[];
}

/** Who acts on another account. */
export interface Actor {
  /** Null or absent: no user, e.g. on the command line. */
  readonly actorId?: string | null;
  /** Absent: none, e.g. by a machine's credential. */
  readonly actorSession?: ActorSession | undefined;
}

/** A user who acts on another account in a request. */
export interface RequestActor {
  readonly actorId: string;
  readonly origin: RequestOrigin;
  readonly actorSession?: ActorSession | undefined;
}

/** Who acts in a request: for the audit, and for `ActorsInForce`. */
export function actorOf(auth: AuthContext, request: HttpRequest): RequestActor {
  const { id: actorId, roles } = auth.user;
  const actorSession = auth.by === 'session' ? { id: auth.session.id, roles } : undefined;
  return { actorId, origin: originOf(request), actorSession };
}

/** The audit's details of the actor. */
export function audited<T extends Actor & { readonly origin: RequestOrigin | null }>({ actorId, origin }: T) {
  return { actorId, origin };
}
