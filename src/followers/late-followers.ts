import type { RunningLease } from '../revocation/revocation-feed.js';
import { PREFIX } from './follower-ids.js';

/** After this a failure is forgiven. */
const FORGIVEN_MILLISECONDS = 60_000;
/** With so many failures that are not forgiven yet, a key is granted no lease. */
const MOST_FAILURES = 2;

/**
 * Keys by which followers have kept revocations waiting, as this node has seen it: processes that are frozen, that die without a word, or that
 * mean harm. What they hold they keep until it ends by itself; it is the next lease that they do not get.
 */
export class LateFollowers {
  /** Of each key, when its latest failures were seen. */
  private readonly failures = new Map<string, readonly number[]>();
  /** Leases that have failed already and still run: each fails once. */
  private failed: ReadonlySet<string> = new Set();

  /** How many keys are remembered. */
  get size(): number {
    return this.failures.size;
  }

  /**
   * @param leases all that run
   * @param due what every follower is to have applied
   * @returns keys that are granted no lease from now on
   */
  judge(leases: readonly RunningLease[], due: number, now: number): string[] {
    for (const [keyId, seen] of this.failures) if (!isRecent(seen.at(-1)!, now)) this.failures.delete(keyId);
    const late = leases.filter(({ leaseId, appliedSeq }) => leaseId.startsWith(PREFIX) && appliedSeq < due);
    const suspended: string[] = [];
    for (const { leaseId } of late) {
      if (this.failed.has(leaseId)) continue;
      const [, keyId = ''] = leaseId.split(':');
      const wasSuspended = this.isSuspended(keyId, now);
      this.failures.set(keyId, [...(this.failures.get(keyId) ?? []), now].slice(-MOST_FAILURES));
      if (!wasSuspended && this.isSuspended(keyId, now)) suspended.push(keyId);
    }
    this.failed = new Set(late.map(({ leaseId }) => leaseId));
    return suspended;
  }

  /** Whether the key is granted no lease at this moment. */
  isSuspended(keyId: string, now: number): boolean {
    const seen = this.failures.get(keyId);
    return seen?.length === MOST_FAILURES && isRecent(seen[0]!, now);
  }
}

function isRecent(at: number, now: number): boolean {
  return now - at < FORGIVEN_MILLISECONDS;
}
