import { type PackedSnapshot, SnapshotPacker } from './packed-snapshot.js';
import type { LastSeen, SessionSnapshot } from './session-view.js';

/** So many are kept unpacked at most: to unpack one takes some µs. */
const UNPACKED = 1_000;

interface Entry extends PackedSnapshot {
  readonly id: string;
  readonly userId: string;
  /** Unpacked, while it is among the last ones used. */
  snapshot: SessionSnapshot | undefined;
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
export class SnapshotCache {
  private readonly entries = new Map<string, Entry>();
  /** One of the sessions of each user. */
  private readonly ofUser = new Map<string, Entry>();
  private readonly packer = new SnapshotPacker();
  private unpacked: Entry[] = [];
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
    return entry.snapshot ?? this.unpack(entry);
  }

  put(snapshot: SessionSnapshot): void {
    this.delete(snapshot.id);
    const { text, common } = this.packer.pack(snapshot);
    const links = { newer: undefined, older: undefined, next: undefined, previous: undefined };
    const entry: Entry = { id: snapshot.id, userId: snapshot.user.id, text, common, snapshot: undefined, ...links };
    this.entries.set(snapshot.id, entry);
    this.linkNewest(entry);
    this.linkToUser(entry);
    if (this.entries.size > this.capacity) this.remove(this.oldest!);
  }

  /** Changes a snapshot in its place. Not a use. */
  amend(sessionId: string, touch: LastSeen): void {
    const entry = this.entries.get(sessionId);
    if (!entry) return;
    const snapshot = { ...(entry.snapshot ?? this.unpack(entry)), ...touch };
    Object.assign(entry, this.packer.pack(snapshot), { snapshot });
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
    this.unpacked = [];
    this.newest = undefined;
    this.oldest = undefined;
  }

  private unpack(entry: Entry): SessionSnapshot {
    if (this.unpacked.length >= UNPACKED) {
      for (const other of this.unpacked) other.snapshot = undefined;
      this.unpacked = [];
    }
    const snapshot = this.packer.unpack(entry.id, entry.userId, entry);
    this.unpacked.push(entry);
    entry.snapshot = snapshot;
    return snapshot;
  }

  private remove(entry: Entry): void {
    this.entries.delete(entry.id);
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
    const { userId } = entry;
    entry.next = this.ofUser.get(userId);
    if (entry.next) entry.next.previous = entry;
    this.ofUser.set(userId, entry);
  }

  private unlinkFromUser({ userId, next, previous }: Entry): void {
    if (next) next.previous = previous;
    if (previous) previous.next = next;
    else if (next) this.ofUser.set(userId, next);
    else this.ofUser.delete(userId);
  }
}
