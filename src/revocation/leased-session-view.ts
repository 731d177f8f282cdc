import { type Announcement, EVERYTHING, type Subject } from './revocation-feed.js';
import { type Beginning, RevocationMarks } from './revocation-marks.js';
import { type LastSeen, type SessionSnapshot, SessionView, SnapshotSource } from './session-view.js';
import { SnapshotCache } from './snapshot-cache.js';
import type { SteadyClock } from './steady-clock.js';

/** Whether this node may answer from what it knows. */
export interface Held {
  isHeld(): boolean;
}

/**
 * The view that answers from memory while its node holds a lease, and asks the stores otherwise.
 *
 * What makes it safe is one rule: nothing is kept, and no two requests share an answer, across the application of a
 * revocation that concerns it or the loss of the lease.
 */
export class LeasedSessionView extends SessionView {
  private readonly cache: SnapshotCache;
  private marks = new RevocationMarks();
  /** Those a request may join. */
  private readonly loads = new Map<string, Promise<SessionSnapshot | null>>();
  /** Counts how often everything was thrown away. */
  private generation = 0;

  constructor(
    private readonly source: SnapshotSource,
    private readonly lease: Held,
    private readonly clock: SteadyClock,
    capacity: number,
  ) {
    super();
    this.cache = new SnapshotCache(capacity);
  }

  /** How many sessions it knows. */
  get size(): number {
    return this.cache.size;
  }

  peek(sessionId: string): SessionSnapshot | undefined {
    return this.lease.isHeld() ? this.cache.get(sessionId) : undefined;
  }

  async find(sessionId: string): Promise<SessionSnapshot | null> {
    if (!this.lease.isHeld()) return this.source.load(sessionId);
    return this.cache.get(sessionId) ?? this.loads.get(sessionId) ?? this.load(sessionId);
  }

  reload(sessionId: string): Promise<SessionSnapshot | null> {
    return this.lease.isHeld() ? this.load(sessionId) : this.source.load(sessionId);
  }

  see(sessionId: string, touch: LastSeen): void {
    this.cache.amend(sessionId, touch);
  }

  /** From now on nothing that was read before counts for the subject. */
  apply(announcement: Announcement): void {
    this.marks.add(announcement, this.clock.milliseconds());
    if (announcement.subject === EVERYTHING) {
      this.cache.clear();
      this.loads.clear();
      return;
    }
    const { kind, id } = parts(announcement.subject);
    if (kind === 'session') {
      this.cache.delete(id);
      this.loads.delete(id);
    }
    if (kind === 'user') {
      this.cache.deleteOfUser(id);
      // Whose session a load is bringing is not known before it is there, so no request may join any of them.
      this.loads.clear();
    }
  }

  /** Forgets everything, and whatever the loads in flight will bring. */
  clear(): void {
    this.generation += 1;
    this.marks = new RevocationMarks();
    this.cache.clear();
    this.loads.clear();
  }

  private load(sessionId: string): Promise<SessionSnapshot | null> {
    const loading = this.loadAndKeep(sessionId).finally(() => {
      if (this.loads.get(sessionId) === loading) this.loads.delete(sessionId);
    });
    // A change that is announced but not yet made would be missed by a request that joined after it was made.
    if (!this.marks.isAnyUnsettled(this.clock.milliseconds())) this.loads.set(sessionId, loading);
    return loading;
  }

  private async loadAndKeep(sessionId: string): Promise<SessionSnapshot | null> {
    const { generation } = this;
    const beginning = this.marks.begin(this.clock.milliseconds());
    const snapshot = await this.source.load(sessionId);
    if (snapshot && generation === this.generation && this.lease.isHeld() && this.mayKeep(snapshot, beginning)) {
      this.cache.put(snapshot);
    }
    return snapshot;
  }

  private mayKeep({ id, user, impersonatorId, onlyFor }: SessionSnapshot, beginning: Beginning): boolean {
    // It hangs on the admin too, of whom no revocation of this session or user would tell.
    if (impersonatorId !== null) return false;
    // Few, and soon over: not worth a place in every view.
    if (onlyFor !== null) return false;
    const now = this.clock.milliseconds();
    const subjects: Subject[] = [`session:${id}`, `user:${user.id}`, EVERYTHING];
    return subjects.every((subject) => this.marks.holds(subject, beginning, now));
  }
}

function parts(subject: Subject): { kind: string; id: string } {
  const colon = subject.indexOf(':');
  return { kind: subject.slice(0, colon), id: subject.slice(colon + 1) };
}
