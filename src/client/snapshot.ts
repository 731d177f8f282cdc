import type { Session, User } from './routes.js';

/** Who is signed in, as far as this tab knows. */
export type Snapshot =
  /** Not asked yet, or another user has just signed in. */
  | { readonly status: 'unknown'; readonly user: null; readonly session: null; readonly reason: null }
  /** `reason` says why; null: no user was signed in. */
  | {
      readonly status: 'signed-out';
      readonly user: null;
      readonly session: null;
      readonly reason: SignedOutReason | null;
    }
  | { readonly status: 'signed-in'; readonly user: User; readonly session: Session; readonly reason: null }
  /** The service cannot be asked at present. No user was signed out: the one who was signed in is still named. `reason` is a problem's code. */
  | {
      readonly status: 'unavailable';
      readonly user: User | null;
      readonly session: Session | null;
      readonly reason: string;
    };

/**
 * Why no user is signed in: `logout`, here or in another tab; `session_ended` elsewhere; `unauthenticated`, the browser no longer has the
 * ticket; `enrolment_required`, a login that first needs a second factor.
 */
export type SignedOutReason = 'logout' | 'session_ended' | 'unauthenticated' | 'enrolment_required';
