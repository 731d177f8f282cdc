import type { UserRecord } from '../../../users/user.store.js';

/** The user that a person at a provider is here. */
export interface LinkedUser {
  /** As read before the link was last looked at: an event that has ended all sessions since then ends the login. */
  readonly user: UserRecord;
  readonly identityId: string;
  /** Whether this login has made the account. */
  readonly isNew?: boolean;
}
