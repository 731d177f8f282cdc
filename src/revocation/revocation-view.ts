import type { Announcement } from './revocation-feed.js';

/** What a node holds of sessions, users or keys and must give up when it is told. */
export interface RevocationView {
  /** Forget this subject, and let no load that began before bring it back. */
  apply(announcement: Announcement): void;
  /** Forget everything. */
  clear(): void;
}
