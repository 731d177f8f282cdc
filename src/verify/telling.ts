import type { FollowerLease } from './follower-lease.js';
import { type ServiceCalls, ServiceRefusal } from './service-calls.js';
import type { VerifyClock } from './verify-clock.js';

/** Of a lease: so long after a call that failed the next one is made. A revoker may be waiting. */
const SHARE_UNTIL_RETRY = 1 / 10;
/** Of a lease: so long may one call take. What is lost on its way can be said again in time. */
const SHARE_OF_CALL = 1 / 4;

/** Tells the service what was applied, one call at a time, and prolongs the lease when that is due. */
export class Telling {
  private isBusy = false;
  private isWanted = false;
  private leaseMilliseconds = 3_000;

  constructor(
    private readonly calls: Pick<ServiceCalls, 'tell'>,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly over: AbortController,
    private readonly onRenewed: () => void,
  ) {}

  pace(leaseSeconds: number): void {
    this.leaseMilliseconds = leaseSeconds * 1000;
  }

  /** If there is anything to tell it is told now, or after the call that is under way. */
  soon(): void {
    this.isWanted = true;
    if (this.isBusy || this.over.signal.aborted) return;
    this.isBusy = true;
    void this.rounds();
  }

  private async rounds(): Promise<void> {
    try {
      while (this.isWanted && !this.over.signal.aborted) {
        this.isWanted = false;
        await this.once();
      }
    } catch (error) {
      // The credential is over. Anything else may pass, and if it does not the lease runs out by itself.
      if (error instanceof ServiceRefusal && (error.status === 401 || error.status === 403)) this.over.abort();
      else this.clock.after(this.leaseMilliseconds * SHARE_UNTIL_RETRY, () => this.soon());
    } finally {
      this.isBusy = false;
    }
  }

  private async once(): Promise<void> {
    const { lease } = this;
    const { id, applied } = lease;
    if (!lease.isHeld() || id === null || applied === null) return;
    // A follower that has not applied what it was told of a round ago must not make revokers wait for it any longer.
    const renews = lease.isDue() && lease.isAbreast;
    if (!renews && lease.isTold) return;
    const sentAt = this.clock.milliseconds();
    const patience = this.leaseMilliseconds * SHARE_OF_CALL;
    const head = await this.calls.tell(id, applied, renews, patience, this.over.signal);
    if (!lease.answered(id, applied, head, renews ? sentAt : null)) this.over.abort();
    else if (renews) this.onRenewed();
    if (lease.applied !== applied) this.isWanted = true;
  }
}
