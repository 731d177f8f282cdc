import { Injectable } from '@nestjs/common';
import type { FeedStatus, GrantedLease } from './revocation-feed.js';
import type { RevocationView } from './revocation-view.js';
import type { RevocationChannel } from './revocations.js';

/**
 * For what hands the feed on to processes of other services. Each of them is a node to revokers: with a lease of its own, which this node
 * asks for, prolongs and acknowledges on its behalf, and never ends by itself, as only its holder knows when it has forgotten everything.
 */
@Injectable()
export class RevocationRelay {
  /**
   * @param channel null: nothing is announced to this node, or not everything
   * @param leaseSeconds of a lease, of a node or of others
   */
  constructor(
    private readonly channel: RevocationChannel | null,
    readonly leaseSeconds: number,
  ) {}

  /** Whether there is anything to hand on. */
  get isThere(): boolean {
    return this.channel !== null;
  }

  /** Whether revokers wait for leases. */
  get waits(): boolean {
    return this.channel?.waits ?? false;
  }

  /** The view is told of each revocation from the feed, with its number and without a gap, from now on until it is cleared. */
  follow(view: RevocationView): void {
    this.channel?.lease.follow(view);
  }

  /** Whether this node hears of revocations at this moment. */
  isTold(): boolean {
    return this.channel?.lease.isHeld() ?? false;
  }

  /** Number of the latest revocation that this node has applied, while it is told of them. */
  get position(): number {
    return this.channel?.lease.position ?? 0;
  }

  /** Whether this node answers from views that this revocation is still missing from. */
  isBehind(seq: number): boolean {
    return this.channel?.lease.isBehind(seq) ?? false;
  }

  /** Applies whatever is in the feed before this call; a node that cannot may have lost its lease. Never rejects. */
  async catchUp(): Promise<void> {
    await this.channel?.heartbeat.beat();
  }

  /** @see RevocationFeed.grant */
  grant(leaseId: string): Promise<GrantedLease> {
    return this.feed.grant(leaseId, this.leaseSeconds);
  }

  /** @see RevocationFeed.renew */
  renew(leaseId: string, appliedSeq: number): Promise<number | null> {
    return this.noted(leaseId, appliedSeq, () => this.feed.renew(leaseId, appliedSeq, this.leaseSeconds));
  }

  /** @see RevocationFeed.acknowledge */
  acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    return this.noted(leaseId, appliedSeq, () => this.feed.acknowledge(leaseId, appliedSeq));
  }

  /** Only when its holder says that it has forgotten everything. @see RevocationFeed.releaseLease */
  async release(leaseId: string): Promise<void> {
    await this.feed.releaseLease(leaseId);
    this.channel?.acknowledgement.wake();
  }

  /** The head, and all leases that run, those of nodes too. One call to the store. */
  status(): Promise<FeedStatus> {
    return this.feed.status();
  }

  /** Who waits on this node need not wait for the store, nor ask it, as the holder of the lease has told this node itself. */
  private async noted(
    leaseId: string,
    appliedSeq: number,
    record: () => Promise<number | null>,
  ): Promise<number | null> {
    const acknowledgement = this.channel?.acknowledgement;
    // A number that this node has not come to may be of a feed that was turned back: only the store can say.
    if (this.isTold() && appliedSeq <= this.position) acknowledgement?.heard(leaseId, appliedSeq);
    const head = await record();
    // For a revoker that has come since, and has read of the lease what was there before.
    if (head !== null && head >= appliedSeq) acknowledgement?.heard(leaseId, appliedSeq);
    else acknowledgement?.wake();
    return head;
  }

  private get feed() {
    if (!this.channel) throw new TypeError('there is no feed: ask isThere first');
    return this.channel.feed;
  }
}
