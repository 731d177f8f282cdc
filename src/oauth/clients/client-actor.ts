import type { RequestOrigin } from '../../access/request-origin.js';
import type { Actor } from '../../security/actor.js';

/** Who changes clients. */
export interface ClientActor extends Pick<Actor, 'actorSession'> {
  /** An admin. Null: the command line. */
  readonly actorId: string | null;
  readonly origin: RequestOrigin | null;
}
