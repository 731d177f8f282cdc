import type { RequestOrigin } from '../access/request-origin.js';

/** Who operates, for the audit. */
export interface AdminActor {
  /** The admin; null: the command line. */
  readonly actorId: string | null;
  /** Null: no request. */
  readonly origin: RequestOrigin | null;
}
