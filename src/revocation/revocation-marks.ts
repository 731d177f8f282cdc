import { type Announcement, type Subject, UNSETTLED_SECONDS } from './revocation-feed.js';

/** Longer than any load may take, and as long as an announced change may. */
const LIFE_MILLISECONDS = UNSETTLED_SECONDS * 1000;

/** When a load began, among the revocations applied. */
export interface Beginning {
  readonly order: number;
  readonly at: number;
}

/**
 * The revocations applied lately: they tell whether what a load has brought may have been read before one of them. Memory
 * grows with the revocations of a minute, not with users. All times are milliseconds of the steady clock.
 */
export class RevocationMarks {
  /** By subject, the latest; in the order of time. */
  private readonly marks = new Map<Subject, Beginning>();
  /** Changes announced and not yet known to be made. */
  private readonly unsettled = new Map<Subject, { changes: number; at: number }>();
  private applied = 0;

  add({ subject, unsettled, settles }: Announcement, now: number): void {
    this.forget(now);
    this.applied += 1;
    // Deleted first, so that the map stays in order.
    this.marks.delete(subject);
    this.marks.set(subject, { order: this.applied, at: now });
    if (unsettled) this.open(subject, now);
    if (settles) this.close(subject);
  }

  begin(now: number): Beginning {
    return { order: this.applied, at: now };
  }

  /** Whether what was read since `beginning` holds for the subject: no change came in between, none is in flight. */
  holds(subject: Subject, { order, at }: Beginning, now: number): boolean {
    this.forget(now);
    // A load so slow that marks may have been forgotten meanwhile proves nothing.
    if (now - at >= LIFE_MILLISECONDS || this.unsettled.has(subject)) return false;
    const mark = this.marks.get(subject);
    return mark === undefined || mark.order <= order;
  }

  /** Whether some announced change may be about to become visible. */
  isAnyUnsettled(now: number): boolean {
    if (this.unsettled.size > 0) this.forget(now);
    return this.unsettled.size > 0;
  }

  private open(subject: Subject, now: number): void {
    const changes = (this.unsettled.get(subject)?.changes ?? 0) + 1;
    this.unsettled.delete(subject);
    this.unsettled.set(subject, { changes, at: now });
  }

  private close(subject: Subject): void {
    const open = this.unsettled.get(subject);
    if (!open) return;
    open.changes -= 1;
    if (open.changes === 0) this.unsettled.delete(subject);
  }

  private forget(now: number): void {
    for (const map of [this.marks, this.unsettled]) {
      for (const [subject, { at }] of map) {
        if (now - at < LIFE_MILLISECONDS) break;
        map.delete(subject);
      }
    }
  }
}
