import type { Held } from '../revocation/leased-session-view.js';
import type { Announcement, Revocation } from '../revocation/revocation-feed.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import type { SteadyClock } from '../revocation/steady-clock.js';
import type { LeaseLine } from './stream-line.js';

/** Of what the service recorded: so much may the two clocks differ in speed. */
const SHARE_USED = 0.8;
/** Of the lease: before, the service is only told what was applied. */
const SHARE_UNTIL_RENEWAL = 1 / 4;
/** Of the lease: then it is prolonged, whether or not anything was applied. */
const SHARE_UNTIL_RENEWAL_ALONE = 1 / 3;

/**
 * The right of this process to answer from what it knows, as a node of the service has it (`NodeLease`), by the same rules: counted from before
 * the call was sent, shorter than recorded, never revived. Knows nothing of connections.
 */
export class FollowerLease implements Held {
  private readonly views: RevocationView[] = [];
  private line: LeaseLine | null = null;
  private heldFrom = 0;
  private until = 0;
  /** The latest revocation that was applied. */
  private seq = 0;
  /** What of it the service knows. */
  private told = 0;
  /** The head that the service named at the last renewal: to be reached before the next. */
  private due = 0;
  private lost: string | null = null;
  private whenLost: () => void = () => undefined;

  constructor(private readonly clock: SteadyClock) {}

  /** From now on the view is told of revocations. */
  follow(view: RevocationView): void {
    this.views.push(view);
  }

  /** Whether answers from the view count at this moment. Must be asked at every answer, and costs next to nothing. */
  isHeld(): boolean {
    if (this.line === null) return false;
    if (this.clock.milliseconds() < this.until) return true;
    this.lose();
    return false;
  }

  /** The latest revocation that was applied; null without a lease. */
  get applied(): number | null {
    return this.line === null ? null : this.seq;
  }

  /** Names this lease for the service; null without one. */
  get id(): string | null {
    return this.line?.id ?? null;
  }

  /** Whether the service need not be told anything now. */
  get isTold(): boolean {
    return this.told === this.seq;
  }

  /** Whether all has been applied that the service had when the lease was last prolonged. */
  get isAbreast(): boolean {
    return this.seq >= this.due;
  }

  /** By the steady clock; the past without a lease. */
  get heldUntil(): number {
    return this.line === null ? 0 : this.until;
  }

  /** By the steady clock: when it is to be prolonged, if nothing has to be told before. */
  get renewalAt(): number {
    const { line } = this;
    return line === null
      ? Number.POSITIVE_INFINITY
      : this.heldFrom + line.leaseSeconds * 1000 * SHARE_UNTIL_RENEWAL_ALONE;
  }

  /** Whether what is told now is to prolong it as well. */
  isDue(): boolean {
    if (this.line === null) return false;
    return this.clock.milliseconds() - this.heldFrom >= this.line.leaseSeconds * 1000 * SHARE_UNTIL_RENEWAL;
  }

  /**
   * @param sentAt of the call that asked for it, by the steady clock
   * @param whenLost is called when the lease is lost, whichever part of the follower notices it
   */
  begin(line: LeaseLine, sentAt: number, whenLost: () => void): void {
    this.lose();
    this.whenLost = whenLost;
    if (!line.follows) return;
    for (const one of line.unsettled) this.tell(one);
    this.line = line;
    this.seq = line.head;
    this.told = line.head;
    this.hold(sentAt, line.head);
  }

  /** @returns false when the lease is lost by it: one before it is missing */
  apply(revocation: Revocation): boolean {
    if (!this.isHeld()) return false;
    if (revocation.seq !== this.seq + 1) {
      this.lose();
      return false;
    }
    this.tell(revocation);
    this.seq = revocation.seq;
    return true;
  }

  /** @returns false when the lease is lost by it: the service has told of more, or of less, than came */
  beat(head: number): boolean {
    if (this.line?.follows !== true || head === this.seq) return true;
    this.lose();
    return false;
  }

  /**
   * The answer to what was told.
   *
   * @param sentAt when it was told; null: it did not ask to prolong
   * @param head null: no such lease runs
   * @returns whether the lease is still held
   */
  answered(id: string, told: number, head: number | null, sentAt: number | null): boolean {
    // Lost while the answer was in flight: a revoker may have gone on without this process.
    if (!this.isHeld() || this.id !== id) return false;
    if (head === null || head < told) {
      this.lose();
      return false;
    }
    this.told = Math.max(this.told, told);
    if (sentAt !== null) this.hold(sentAt, head);
    return true;
  }

  /** Gives up at once: every request asks the service until the next lease, and nothing that is known counts. */
  lose(): void {
    this.lost = this.line?.id ?? this.lost;
    this.line = null;
    for (const view of this.views) view.clear();
    const { whenLost } = this;
    this.whenLost = () => undefined;
    whenLost();
  }

  /** The id of a lease that was lost but perhaps still runs at the service, where revokers would wait for it; once. */
  takeLost(): string | null {
    const { lost } = this;
    this.lost = null;
    return lost;
  }

  private tell(announcement: Announcement): void {
    for (const view of this.views) view.apply(announcement);
  }

  private hold(sentAt: number, head: number): void {
    this.heldFrom = sentAt;
    this.due = head;
    this.until = sentAt + this.line!.leaseSeconds * 1000 * SHARE_USED;
  }
}
