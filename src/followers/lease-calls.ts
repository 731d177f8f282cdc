import type { RevocationRelay } from '../revocation/revocation-relay.js';
import type { RenewBody } from './wire.js';

/** The call after the one that is under way, for all who came meanwhile. */
interface NextCall {
  applied: number;
  renews: boolean;
  readonly head: Promise<number | null>;
}

interface CallUnderWay {
  readonly done: Promise<void>;
  next: NextCall | null;
}

/** What followers tell of their leases, one call to the store at a time for each: what comes meanwhile is told together, however much it is. */
export class LeaseCalls {
  private readonly underWay = new Map<string, CallUnderWay>();

  constructor(private readonly relay: Pick<RevocationRelay, 'renew' | 'acknowledge'>) {}

  /** @returns the head; null when no such lease runs */
  tell(leaseId: string, { applied, renews }: RenewBody): Promise<number | null> {
    const current = this.underWay.get(leaseId);
    if (!current) return this.call(leaseId, { applied, renews });
    if (current.next) {
      // All are of the lease's one holder.
      current.next.applied = Math.max(current.next.applied, applied);
      current.next.renews ||= renews;
      return current.next.head;
    }
    const next: NextCall = { applied, renews, head: current.done.then(() => this.call(leaseId, next)) };
    current.next = next;
    return next.head;
  }

  private call(leaseId: string, { applied, renews }: RenewBody): Promise<number | null> {
    const head = renews ? this.relay.renew(leaseId, applied) : this.relay.acknowledge(leaseId, applied);
    const end = () => {
      if (own.next === null) this.underWay.delete(leaseId);
    };
    const own: CallUnderWay = { done: head.then(end, end), next: null };
    this.underWay.set(leaseId, own);
    return head;
  }
}
