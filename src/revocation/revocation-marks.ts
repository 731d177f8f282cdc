import { type Announcement, type Subject, UNSETTLED_SECONDS } from './revocation-feed.js';

/** Longer than any load may take, and as long as an announced change may. */
const LIFE_MILLISECONDS = UNSETTLED_SECONDS * 1000;

/** Marks are forgotten together: a map that is read from its beginning passes by all that it has deleted there, each time. */
const FORGOTTEN_EVERY_MILLISECONDS = 1000;

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
  private forgottenAt = Number.NEGATIVE_INFINITY;

  add({ subject, unsettled, settles }: Announcement, now: number): void {
    if (now - this.forgottenAt >= FORGOTTEN_EVERY_MILLISECONDS) {
      this.forgottenAt = now;
      forget(this.marks, now);
    }
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
    forget(this.unsettled, now);
    // A load so slow that marks may have been forgotten meanwhile proves nothing.
    if (now - at >= LIFE_MILLISECONDS || this.unsettled.has(subject)) return false;
    const mark = this.marks.get(subject);
    return mark === undefined || mark.order <= order;
  }

  /** Whether some announced change may be about to become visible. */
  isAnyUnsettled(now: number): boolean {
    forget(this.unsettled, now);
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
}

/** @param inOrder of time */
function forget(inOrder: Map<Subject, { readonly at: number }>, now: number): void {
  for (const [subject, { at }] of inOrder) {
    if (now - at < LIFE_MILLISECONDS) return;
    inOrder.delete(subject);
  }
}
