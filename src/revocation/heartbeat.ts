import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Acknowledgement } from './acknowledgement.js';
import type { NodeLease } from './node-lease.js';
import type { FeedListener, RevocationFeed } from './revocation-feed.js';

const RETRY_MILLISECONDS = 250;

/** Keeps a node's lease: a round every third of it, and one whenever the feed says that something came. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, BeforeApplicationShutdown, FeedListener {
  private readonly logger = new Logger('revocation');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private isDue = false;
  private isStopped = false;
  private failed = false;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly feed: RevocationFeed,
    private readonly lease: NodeLease,
    private readonly acknowledgement: Acknowledgement,
    private readonly leaseSeconds: number,
  ) {}

  /** Whether or not the store is in reach: without a lease the node asks it at every request. */
  onApplicationBootstrap(): Promise<void> {
    return this.beat();
  }

  /** After the last request: revokers need not wait for this node any more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
    await this.lease.end().catch(() => undefined);
    await this.stopListening?.().catch(() => undefined);
  }

  onRevoked(): void {
    void this.beat();
  }

  onAcknowledged(): void {
    this.acknowledgement.wake();
  }

  onLost(): void {
    this.stopListening = undefined;
    this.lease.lose();
    void this.beat();
  }

  /** One round now, or one more after the one in flight. Never rejects. */
  beat(): Promise<void> {
    this.isDue = true;
    this.round ??= this.rounds();
    return this.round;
  }

  private async rounds(): Promise<void> {
    clearTimeout(this.timer);
    let pause = 0;
    while (this.isDue && !this.isStopped && pause === 0) {
      this.isDue = false;
      pause = await this.once();
    }
    // In the same step as the last look at `isDue`, or a beat in between would be forgotten.
    this.round = undefined;
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.beat(), pause || (this.leaseSeconds * 1000) / 3);
    this.timer.unref();
  }

  /** @returns milliseconds to wait because it failed */
  private async once(): Promise<number> {
    try {
      this.stopListening ??= await this.feed.listen(this);
      await this.lease.keepUp();
      if (this.failed) this.logger.log('the lease is held again; requests are answered from the view');
      this.failed = false;
      return 0;
    } catch (error) {
      if (!this.failed)
        this.logger.warn(`the lease is lost: every request asks the store (${(error as Error).message})`);
      this.failed = true;
      return RETRY_MILLISECONDS;
    }
  }
}
