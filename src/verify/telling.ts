import type { FollowerLease } from './follower-lease.js';
import type { ServiceCalls } from './service-calls.js';
import type { VerifyClock } from './verify-clock.js';

/** After a call that failed: a revoker may be waiting. */
const RETRY_MILLISECONDS = 100;
/** Of a lease: so long may one call take. What is lost on its way can be said again in time. */
const SHARE_OF_CALL = 1 / 3;

/** Tells the service what was applied, one call at a time, and prolongs the lease when that is due. */
export class Telling {
  private isBusy = false;
  private isWanted = false;
  private patience = 1_000;

  constructor(
    private readonly calls: Pick<ServiceCalls, 'tell'>,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly over: AbortSignal,
  ) {}

  pace(leaseSeconds: number): void {
    this.patience = leaseSeconds * 1000 * SHARE_OF_CALL;
  }

  /** If there is anything to tell it is told now, or after the call that is under way. */
  soon(): void {
    this.isWanted = true;
    if (this.isBusy) return;
    this.isBusy = true;
    void this.rounds();
  }

  private async rounds(): Promise<void> {
    try {
      while (this.isWanted && !this.over.aborted) {
        this.isWanted = false;
        await this.once();
      }
    } catch {
      // The lease runs out by itself if this goes on.
      if (!this.over.aborted) this.clock.after(RETRY_MILLISECONDS, () => this.over.aborted || this.soon());
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
    const head = await this.calls.tell(id, applied, renews, this.patience, this.over);
    lease.answered(id, applied, head, renews ? sentAt : null);
    if (lease.applied !== applied) this.isWanted = true;
  }
}
