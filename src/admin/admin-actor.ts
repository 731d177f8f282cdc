import type { RequestOrigin } from '../access/request-origin.js';
import type { Actor } from '../security/actor.js';

/** Who operates: for the audit, and to be asked for in the transaction of what they do (`ActorsInForce`). */
export interface AdminActor extends Pick<Actor, 'actorSession'> {
  /** Null: the command line. */
  readonly actorId: string | null;
  /** Null: no request. */
  readonly origin: RequestOrigin | null;
}
