import type { SessionSnapshot, Sighting } from './session-view.js';

interface Entry {
  snapshot: SessionSnapshot;
  /** Neighbours by use. */
  newer: Entry | undefined;
  older: Entry | undefined;
  /** Neighbours among the sessions of one user. */
  next: Entry | undefined;
  previous: Entry | undefined;
}

/**
 * Snapshots by session id, at most `capacity`, the longest unused making room; and by user id, to take all of a user's away.
 * Linked lists through the entries: a hit allocates nothing and moves nothing inside a Map.
 */
export class SessionShelf {
  private readonly entries = new Map<string, Entry>();
  /** One of the sessions of each user. */
  private readonly ofUser = new Map<string, Entry>();
  private newest: Entry | undefined;
  private oldest: Entry | undefined;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** Counts as a use. */
  get(sessionId: string): SessionSnapshot | undefined {
    const entry = this.entries.get(sessionId);
    if (entry === undefined) return undefined;
    if (entry !== this.newest) {
      this.unlinkByUse(entry);
      this.linkNewest(entry);
    }
    return entry.snapshot;
  }

  put(snapshot: SessionSnapshot): void {
    this.delete(snapshot.id);
    const entry: Entry = { snapshot, newer: undefined, older: undefined, next: undefined, previous: undefined };
    this.entries.set(snapshot.id, entry);
    this.linkNewest(entry);
    this.linkToUser(entry);
    if (this.entries.size > this.capacity) this.remove(this.oldest!);
  }

  /** Changes a snapshot in its place. Not a use. */
  amend(sessionId: string, sighting: Sighting): void {
    const entry = this.entries.get(sessionId);
    if (entry) entry.snapshot = { ...entry.snapshot, ...sighting };
  }

  delete(sessionId: string): void {
    const entry = this.entries.get(sessionId);
    if (entry) this.remove(entry);
  }

  deleteOfUser(userId: string): void {
    for (let entry = this.ofUser.get(userId); entry; entry = this.ofUser.get(userId)) this.remove(entry);
  }

  clear(): void {
    this.entries.clear();
    this.ofUser.clear();
    this.newest = undefined;
    this.oldest = undefined;
  }

  private remove(entry: Entry): void {
    this.entries.delete(entry.snapshot.id);
    this.unlinkByUse(entry);
    this.unlinkFromUser(entry);
  }

  private linkNewest(entry: Entry): void {
    entry.newer = undefined;
    entry.older = this.newest;
    if (this.newest) this.newest.newer = entry;
    this.newest = entry;
    this.oldest ??= entry;
  }

  private unlinkByUse(entry: Entry): void {
    const { newer, older } = entry;
    if (newer) newer.older = older;
    else this.newest = older;
    if (older) older.newer = newer;
    else this.oldest = newer;
  }

  private linkToUser(entry: Entry): void {
    const userId = entry.snapshot.user.id;
    entry.next = this.ofUser.get(userId);
    if (entry.next) entry.next.previous = entry;
    this.ofUser.set(userId, entry);
  }

  private unlinkFromUser({ snapshot, next, previous }: Entry): void {
    if (next) next.previous = previous;
    if (previous) previous.next = next;
    else if (next) this.ofUser.set(snapshot.user.id, next);
    else this.ofUser.delete(snapshot.user.id);
  }
}
