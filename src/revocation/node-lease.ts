import { randomUUID } from 'node:crypto';
import { LeaseRecord } from './lease-record.js';
import type { Held } from './leased-session-view.js';
import type { Announcement, RevocationFeed } from './revocation-feed.js';
import type { RevocationView } from './revocation-view.js';
import type { SteadyClock } from './steady-clock.js';

/** Of what the store recorded: so much may the two clocks differ in speed. */
const SHARE_USED = 0.8;
/** Of the lease: before, a round only tells what it has applied. The idle heartbeat comes later than that. */
const SHARE_UNTIL_RENEWAL = 0.25;
const PAGE = 1000;

/**
 * This node's lease: the right to answer from its views, as long as they follow the feed.
 *
 * A lease is never revived. When it has expired, nothing of what the node knew counts any more; it asks for a new one, under
 * a new id, with empty views that begin at the head of the feed.
 */
export class NodeLease implements Held {
  readonly record: LeaseRecord;
  private readonly nodeId = randomUUID();
  private readonly views: RevocationView[] = [];
  private count = 0;
  /** The id of the lease; null while the node holds none. */
  private id: string | null = null;
  private heldFrom = 0;
  private until = 0;
  private applied = 0;
  /** The part of `applied` that the store knows. */
  private told = 0;
  /** Lost, but perhaps still running at the store, where revokers would wait for it. */
  private lost: string | null = null;

  constructor(
    private readonly feed: RevocationFeed,
    private readonly clock: SteadyClock,
    private readonly leaseSeconds: number,
  ) {
    this.record = new LeaseRecord(clock.milliseconds());
  }

  /** From now on the view follows the feed. */
  follow(view: RevocationView): void {
    this.views.push(view);
  }

  /** Whether the node may answer from its views at this moment. Must be asked at every answer, and costs next to nothing. */
  isHeld(): boolean {
    if (this.id === null) return false;
    if (this.clock.milliseconds() < this.until) return true;
    this.lose();
    return false;
  }

  /** Whether it answers from views that a revocation is still missing from. */
  isBehind(seq: number): boolean {
    return this.applied < seq && this.isHeld();
  }

  /** Number of the latest revocation that it has applied; says something only while the lease is held. */
  get position(): number {
    return this.applied;
  }

  /** How many revocations the feed is known to have that were not applied yet. */
  get lag(): number {
    return Math.max(0, this.record.head - this.applied);
  }

  /** Whether that lease is, or was, one of this node's. */
  owns(leaseId: string): boolean {
    return leaseId.startsWith(this.nodeId);
  }

  /** Gives up at once: every request asks the store until the next grant. */
  lose(): void {
    if (this.id !== null) this.record.lost(Math.min(this.until, this.clock.milliseconds()));
    this.lost = this.id ?? this.lost;
    this.id = null;
    for (const view of this.views) view.clear();
  }

  /** Applies what this node did itself, before the feed brings it. */
  applyHere(announcements: readonly Announcement[]): void {
    for (const announcement of announcements) for (const view of this.views) view.apply(announcement);
  }

  /** One round: apply what is new, tell the store so, and prolong the lease; or ask for a first or new one. */
  async keepUp(): Promise<void> {
    if (!this.isHeld()) return this.begin();
    let head = await this.pullAndRenew();
    // What came meanwhile is acknowledged at once, not a third of a lease later: a revoker waits for it.
    while (head !== null && head > this.applied) {
      const before = this.applied;
      head = await this.pullAndRenew();
      // The head tells of revocations that the feed keeps no more: a gap.
      if (this.applied === before) this.lose();
    }
    if (!this.isHeld()) await this.begin();
  }

  /** Ends the lease, so that no revoker waits for this node. */
  async end(): Promise<void> {
    this.lose();
    await this.releaseLost();
  }

  private async begin(): Promise<void> {
    // A new id each time: a delayed call about an older lease must not speak for this one.
    const id = `${this.nodeId}:${++this.count}`;
    const sentAt = this.clock.milliseconds();
    const { head, unsettled } = await this.feed.grant(id, this.leaseSeconds);
    this.lose();
    this.applyHere(unsettled);
    this.applied = head;
    this.told = head;
    this.hold(id, sentAt, head);
    await this.releaseLost();
  }

  private async releaseLost(): Promise<void> {
    const { lost } = this;
    this.lost = null;
    if (lost !== null) await this.feed.releaseLease(lost);
  }

  /** @returns the head; null when the lease was lost */
  private async pullAndRenew(): Promise<number | null> {
    const { id } = this;
    if (id === null || !(await this.pull(id))) return null;
    const sentAt = this.clock.milliseconds();
    const isDue = sentAt - this.heldFrom >= this.leaseSeconds * 1000 * SHARE_UNTIL_RENEWAL;
    if (!isDue && this.applied === this.told) return this.applied;
    const told = this.applied;
    const head = isDue ? await this.feed.renew(id, told, this.leaseSeconds) : await this.feed.acknowledge(id, told);
    // Lost while the answer was in flight: a revoker may have gone on without this node.
    if (!this.isStill(id)) return null;
    if (head === null || head < this.applied) {
      this.lose();
      return null;
    }
    this.told = told;
    if (isDue) this.hold(id, sentAt, head);
    else this.record.head = head;
    return head;
  }

  /** Applies all that is in the feed. False when the lease was lost meanwhile, or by a gap. */
  private async pull(id: string): Promise<boolean> {
    for (;;) {
      const page = await this.feed.since(this.applied, PAGE);
      if (!this.isStill(id)) return false;
      for (const revocation of page) {
        if (revocation.seq !== this.applied + 1) {
          this.lose();
          return false;
        }
        this.applyHere([revocation]);
        this.applied = revocation.seq;
        if (!revocation.settles) this.record.applied += 1;
      }
      if (page.length < PAGE) return true;
    }
  }

  private isStill(id: string): boolean {
    return this.isHeld() && this.id === id;
  }

  private hold(id: string, sentAt: number, head: number): void {
    this.record.held(sentAt, this.clock.milliseconds(), head);
    this.id = id;
    this.heldFrom = sentAt;
    this.until = sentAt + this.leaseSeconds * 1000 * SHARE_USED;
  }
}
