import type { Held } from './leased-session-view.js';
import { type Announcement, EVERYTHING, type Subject } from './revocation-feed.js';
import { RevocationMarks } from './revocation-marks.js';
import type { RevocationView } from './revocation-view.js';
import type { SteadyClock } from './steady-clock.js';

/** A credential as a node keeps it. */
export interface Kept {
  /** Whose revocations make it void, e.g. `key:<id>` and `user:<id>`. */
  readonly subjects: readonly Subject[];
  /** False: it is good for one request only. */
  readonly isKept?: boolean;
}

/** Creates views for features: `views.createView(10_000)`. */
export class CredentialViews {
  /** @param lease null: the storage cannot push, so nothing may be kept */
  constructor(
    private readonly lease: (Held & { follow(view: RevocationView): void }) | null,
    private readonly clock: SteadyClock,
  ) {}

  /** @param mayKeep false where a host's own store announces nothing: every request asks then */
  createView<T extends Kept>(capacity: number, mayKeep: boolean): CredentialView<T> {
    const lease = mayKeep ? this.lease : null;
    const view = new CredentialView<T>(lease, this.clock, capacity);
    lease?.follow(view);
    return view;
  }
}

/**
 * This node's view of credentials that are no sessions. As the view of sessions it answers only while the lease is held,
 * and keeps nothing across a revocation that concerns it or the loss of the lease. Credentials that count for nothing are not
 * kept, and loads are not shared.
 */
export class CredentialView<T extends Kept> implements RevocationView {
  /** In the order of arrival. */
  private readonly kept = new Map<string, T>();
  private readonly bySubject = new Map<Subject, Set<string>>();
  private marks = new RevocationMarks();
  /** Counts how often everything was thrown away. */
  private generation = 0;

  constructor(
    private readonly lease: Held | null,
    private readonly clock: SteadyClock,
    private readonly capacity: number,
  ) {}

  /** How many credentials it knows. */
  get size(): number {
    return this.kept.size;
  }

  /** The value that is certain without a store call; undefined: unknown. */
  peek(key: string): T | undefined {
    return this.lease?.isHeld() ? this.kept.get(key) : undefined;
  }

  /** Asks the stores by `load`, and keeps what they say if it still holds by then. A rejection keeps nothing. */
  async load(key: string, load: () => Promise<T>): Promise<T> {
    if (!this.lease?.isHeld()) return load();
    const { generation } = this;
    const beginning = this.marks.begin(this.clock.milliseconds());
    const found = await load();
    const now = this.clock.milliseconds();
    const holds = [...found.subjects, EVERYTHING as Subject].every((one) => this.marks.holds(one, beginning, now));
    if (found.isKept !== false && holds && generation === this.generation && this.lease.isHeld()) this.keep(key, found);
    return found;
  }

  apply(announcement: Announcement): void {
    this.marks.add(announcement, this.clock.milliseconds());
    if (announcement.subject === EVERYTHING) this.forgetAll();
    else for (const key of this.bySubject.get(announcement.subject) ?? []) this.forget(key);
  }

  clear(): void {
    this.generation += 1;
    this.marks = new RevocationMarks();
    this.forgetAll();
  }

  private keep(key: string, found: T): void {
    this.forget(key);
    this.kept.set(key, found);
    for (const subject of found.subjects) {
      const keys = this.bySubject.get(subject) ?? new Set();
      this.bySubject.set(subject, keys.add(key));
    }
    if (this.kept.size > this.capacity) this.forget(this.kept.keys().next().value!);
  }

  private forget(key: string): void {
    const known = this.kept.get(key);
    if (!known) return;
    this.kept.delete(key);
    for (const subject of known.subjects) {
      const keys = this.bySubject.get(subject);
      keys?.delete(key);
      if (keys?.size === 0) this.bySubject.delete(subject);
    }
  }

  private forgetAll(): void {
    this.kept.clear();
    this.bySubject.clear();
  }
}
