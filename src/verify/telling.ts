import type { FollowerLease } from './follower-lease.js';
import { type ServiceCalls, ServiceRefusal } from './service-calls.js';
import type { VerifyClock } from './verify-clock.js';

/** Of a lease: so long after a call that failed the next one is made. A revoker may be waiting. */
const SHARE_UNTIL_RETRY = 1 / 10;
/** Of a lease: so long may one call take. What is lost on its way can be said again in time. */
const SHARE_OF_CALL = 1 / 4;

/** Listens to what it does. */
interface TellingEvents {
  /** The lease was prolonged. */
  onRenewed(): void;
  /** Nothing is under way any more. */
  onIdle(): void;
}

/** Tells the service what was applied, one call at a time, and prolongs the lease when that is due. */
export class Telling {
  private isBusy = false;
  private retryAt: number | null = null;
  private leaseMilliseconds = 0;

  /** @param over aborted when the stream is over, which is found out here too */
  constructor(
    private readonly calls: Pick<ServiceCalls, 'tell'>,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly over: AbortController,
    private readonly events: TellingEvents,
  ) {}

  pace(leaseSeconds: number): void {
    this.leaseMilliseconds = leaseSeconds * 1000;
  }

  /** By the steady clock: when something has to be told. */
  get dueAt(): number {
    return this.isBusy ? Number.POSITIVE_INFINITY : (this.retryAt ?? this.lease.renewalAt);
  }

  /** If there is anything to tell it is told now, or after the call that is under way. */
  soon(): void {
    const isDue = this.clock.milliseconds() >= this.dueAt;
    if (this.isBusy || this.over.signal.aborted || (this.lease.isTold && !isDue)) return;
    this.isBusy = true;
    void this.rounds();
  }

  private async rounds(): Promise<void> {
    try {
      do await this.once();
      while (!this.over.signal.aborted && !this.lease.isTold);
    } catch (error) {
      // The credential is over. Anything else may pass, and if it does not the lease runs out by itself.
      if (error instanceof ServiceRefusal && error.isOfCredential) this.over.abort();
      this.retryAt = this.clock.milliseconds() + this.leaseMilliseconds * SHARE_UNTIL_RETRY;
    } finally {
      this.isBusy = false;
      this.events.onIdle();
    }
  }

  private async once(): Promise<void> {
    const { lease } = this;
    const { id, applied } = lease;
    this.retryAt = null;
    const renews = lease.isDue();
    // The revocations that the service had at the last call have not arrived: revokers must not wait for this process any longer.
    if (!lease.isHeld() || id === null || applied === null || (renews && !lease.isAbreast)) return this.over.abort();
    const sentAt = this.clock.milliseconds();
    const patience = this.leaseMilliseconds * SHARE_OF_CALL;
    const head = await this.calls.tell(id, applied, renews, patience, this.over.signal);
    if (!lease.answered(id, applied, head, renews ? sentAt : null)) this.over.abort();
    else if (renews) this.events.onRenewed();
  }
}
