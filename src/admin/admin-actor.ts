import type { RequestOrigin } from '../access/request-origin.js';

/** Who operates, for the audit. */
export interface AdminActor {
  /** Null: whoever may run the command line. */
  readonly actorId: string | null;
  /** Null: no request. */
  readonly origin: RequestOrigin | null;
}
