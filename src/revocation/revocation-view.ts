import type { Announcement } from './revocation-feed.js';

/** Things that a node keeps of sessions, users or keys, and drops when they are revoked. */
export interface RevocationView {
  /** Forget this subject, and let no load that began before bring it back. */
  apply(announcement: Announcement): void;
  /** Forget everything. */
  clear(): void;
}
