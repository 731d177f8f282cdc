import {
  type Announcement,
  type FeedListener,
  type FeedStatus,
  type GrantedLease,
  type Revocation,
  RevocationFeed,
  UNSETTLED_SECONDS,
} from '../../revocation/revocation-feed.js';

interface Kept extends Revocation {
  readonly at: number;
}

interface Lease {
  appliedSeq: number;
  expiresAt: number;
}

/** Kept for replay; a node that lags further begins anew. */
const KEPT = 10_000;

/** The feed of one process. Each method does its work before its first wait, so each is atomic. */
export class MemoryRevocationFeed extends RevocationFeed {
  readonly joinsTransactions = false;
  private readonly listeners = new Set<FeedListener>();
  private readonly leases = new Map<string, Lease>();
  private revocations: Kept[] = [];
  private head = 0;

  async append(announcements: readonly Announcement[]): Promise<void> {
    this.appendNow(announcements);
  }

  /** For a store of the same process: in one step with its change. */
  appendNow(announcements: readonly Announcement[]): void {
    const at = performance.now();
    for (const announcement of announcements) this.revocations.push({ ...announcement, seq: ++this.head, at });
    if (this.revocations.length > 2 * KEPT) this.revocations = this.revocations.slice(-KEPT);
    for (const listener of this.listeners) listener.onRevoked();
  }

  async since(seq: number, limit: number): Promise<Revocation[]> {
    const start = seq + 1 - (this.revocations[0]?.seq ?? 1);
    if (start < 0) return [];
    return this.revocations.slice(start, start + limit).map(({ at: _, ...revocation }) => revocation);
  }

  async grant(leaseId: string, leaseSeconds: number): Promise<GrantedLease> {
    const now = performance.now();
    this.leases.set(leaseId, { appliedSeq: this.head, expiresAt: now + leaseSeconds * 1000 });
    const young = this.revocations.filter(({ unsettled, at }) => unsettled && now - at < UNSETTLED_SECONDS * 1000);
    return { head: this.head, unsettled: young.map(({ at: _, seq: __, ...announcement }) => announcement) };
  }

  async renew(leaseId: string, appliedSeq: number, leaseSeconds: number): Promise<number | null> {
    return this.record(leaseId, appliedSeq, leaseSeconds * 1000);
  }

  async acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    return this.record(leaseId, appliedSeq, 0);
  }

  async releaseLease(leaseId: string): Promise<void> {
    this.leases.delete(leaseId);
    for (const listener of this.listeners) listener.onAcknowledged();
  }

  async status(): Promise<FeedStatus> {
    const now = performance.now();
    const leases = [];
    for (const [leaseId, { appliedSeq, expiresAt }] of this.leases) {
      if (expiresAt > now) leases.push({ leaseId, appliedSeq, expiresInMilliseconds: expiresAt - now });
      else this.leases.delete(leaseId);
    }
    return { head: this.head, leases };
  }

  async listen(listener: FeedListener): Promise<() => Promise<void>> {
    this.listeners.add(listener);
    return async () => {
      this.listeners.delete(listener);
    };
  }

  private record(leaseId: string, appliedSeq: number, prolongedBy: number): number | null {
    const now = performance.now();
    const lease = this.leases.get(leaseId);
    if (!lease || lease.expiresAt <= now) return null;
    if (appliedSeq > this.head) return this.head;
    const hasGrown = appliedSeq > lease.appliedSeq;
    lease.appliedSeq = Math.max(lease.appliedSeq, appliedSeq);
    lease.expiresAt = Math.max(lease.expiresAt, now + prolongedBy);
    if (hasGrown) for (const listener of this.listeners) listener.onAcknowledged();
    return this.head;
  }
}
