import type { NodeLease } from './node-lease.js';
import type { FeedStatus, RevocationFeed } from './revocation-feed.js';

/** A notification may be lost; a waiter looks again after this long even so. */
const PATIENCE_MILLISECONDS = 250;

/** Waits until no node can be answering from before a change. */
export class Acknowledgement {
  private reading: Promise<FeedStatus> | undefined;
  private nextReading: Promise<FeedStatus> | undefined;
  private wakings = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly feed: RevocationFeed,
    private readonly lease: NodeLease,
  ) {}

  /**
   * Resolves when every node with a running lease has applied all that is in the feed by now. A dead node delays it by what
   * is left of its lease, a slow one by its lag.
   *
   * @param catchUp has this node apply what the feed has
   */
  async ofAllNodes(catchUp: () => Promise<void>): Promise<void> {
    let target: number | undefined;
    for (;;) {
      const { wakings } = this;
      const { head, leases } = await this.read();
      target ??= head;
      // Also what others on this node have ended: whoever comes second is promised the same.
      if (this.lease.isBehind(target)) await this.catchUpTo(target, catchUp);
      const behind = leases.filter(({ leaseId, appliedSeq }) => appliedSeq < target! && !this.lease.owns(leaseId));
      if (behind.length === 0) return;
      // Woken while reading: what was read may be from before.
      if (wakings !== this.wakings) continue;
      await this.wakeWithin(Math.min(PATIENCE_MILLISECONDS, ...behind.map((lease) => lease.expiresInMilliseconds)) + 1);
    }
  }

  private async catchUpTo(target: number, catchUp: () => Promise<void>): Promise<void> {
    await catchUp();
    // It cannot read the feed: then it knows nothing for certain.
    if (this.lease.isBehind(target)) this.lease.lose();
  }

  /** Some node has applied more. */
  wake(): void {
    this.wakings += 1;
    for (const resume of [...this.waiting]) resume();
  }

  /**
   * A status read that begins after this call. Of all that wait at a time two reads are enough: one may be under way already,
   * and says nothing about what was changed after it began.
   */
  private read(): Promise<FeedStatus> {
    this.nextReading ??= this.afterReading().then(() => {
      this.nextReading = undefined;
      this.reading = this.feed.status();
      return this.reading;
    });
    return this.nextReading;
  }

  private async afterReading(): Promise<void> {
    await this.reading?.catch(() => undefined);
  }

  private wakeWithin(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        this.waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, milliseconds);
      this.waiting.add(resume);
    });
  }
}
