import type { Announcement } from './revocation-feed.js';

/** What a node keeps of sessions, users or keys, and drops when it is revoked. */
export interface RevocationView {
  /** Forget this subject, and let no load that began before bring it back. */
  apply(announcement: Announcement): void;
  /** Forget everything. */
  clear(): void;
}
