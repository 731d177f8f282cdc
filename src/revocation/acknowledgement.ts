import type { NodeLease } from './node-lease.js';
import type { FeedStatus, RevocationFeed } from './revocation-feed.js';

/** A notification may be lost, and many nodes send few; waiters look again after this long even so, and then after twice as long each time. */
const FIRST_PATIENCE_MILLISECONDS = 10;
const PATIENCE_MILLISECONDS = 250;

interface Waiter {
  /** The head of the feed at the first look after it came. */
  target: number | undefined;
  othersHaveIt: boolean;
  /** Leases of other nodes that had not applied it when last looked at, and when each would end, on this process's own clock. */
  readonly behind: Map<string, number>;
  /** A lease that it waited for ended without an acknowledgement. */
  outwaitedLease: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** Waits until no node can be answering from before a change. All that wait share their looks at the feed. */
export class Acknowledgement {
  /** How many revocations were answered because another node's lease had expired, not because that node had applied them. */
  answeredByLease = 0;
  private readonly waiters = new Set<Waiter>();
  /** Of leases whose holders speak to this node, while it waits: what they have told of late need not be read from the feed. */
  private readonly told = new Map<string, number>();
  private isLooking = false;
  private isCatchingUp = false;
  private wakings = 0;
  private patience = FIRST_PATIENCE_MILLISECONDS;
  private resume: () => void = () => {};

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
  ofAllNodes(catchUp: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.patience = FIRST_PATIENCE_MILLISECONDS;
      this.waiters.add({
        target: undefined,
        othersHaveIt: false,
        behind: new Map(),
        outwaitedLease: false,
        resolve,
        reject,
      });
      if (this.isLooking) this.wake();
      else void this.look(catchUp);
    });
  }

  /** Some node has applied more. */
  wake(): void {
    this.wakings += 1;
    this.resume();
  }

  /**
   * The holder of a lease says that it has applied all up to this number. What the feed records of it is for revokers on other nodes: those on
   * this one wait for it no longer.
   */
  heard(leaseId: string, appliedSeq: number): void {
    if (this.waiters.size === 0) return;
    this.told.set(leaseId, Math.max(appliedSeq, this.told.get(leaseId) ?? 0));
    for (const waiter of this.waiters) {
      if (waiter.target === undefined || appliedSeq < waiter.target) continue;
      // Leases that were granted after the last look begin behind the revocation.
      if (!waiter.behind.delete(leaseId) || waiter.behind.size > 0) continue;
      waiter.othersHaveIt = true;
      if (!this.lease.isBehind(waiter.target)) this.letGo(waiter);
    }
    if (this.waiters.size === 0) this.resume();
  }

  private async look(catchUp: () => Promise<void>): Promise<void> {
    this.isLooking = true;
    let longest = 0;
    while (this.waiters.size > 0) {
      const { wakings } = this;
      // Of who comes while it is read, a status says nothing.
      const waiters = [...this.waiters].filter(({ othersHaveIt }) => !othersHaveIt);
      try {
        if (waiters.length > 0) longest = this.judge(waiters, await this.feed.status());
      } catch (error) {
        for (const waiter of waiters) if (this.waiters.delete(waiter)) waiter.reject(error);
      }
      this.release(catchUp);
      // Woken while reading: what was read may be from before.
      if (this.waiters.size > 0 && wakings === this.wakings) await this.wakeWithin(Math.min(this.patience, longest));
      this.patience = Math.min(2 * this.patience, PATIENCE_MILLISECONDS);
    }
    this.isLooking = false;
    this.told.clear();
  }

  /** Once all others have applied it, they have for good. Returns after how many milliseconds to look again at the latest. */
  private judge(waiters: readonly Waiter[], { head, leases }: FeedStatus): number {
    const running = new Set(leases.map(({ leaseId }) => leaseId));
    // A number beyond the head is of another feed: the store was emptied, or turned back.
    for (const [leaseId, seq] of this.told) if (!running.has(leaseId) || seq > head) this.told.delete(leaseId);
    const others = leases
      .filter(({ leaseId }) => !this.lease.owns(leaseId))
      .map((one) => ({
        ...one,
        appliedSeq: Math.max(ofThisFeed(one.appliedSeq, head), this.told.get(one.leaseId) ?? -1),
      }));
    const now = performance.now();
    const appliedByAll = Math.min(...others.map(({ appliedSeq }) => appliedSeq));
    for (const waiter of waiters) {
      // A store that lost everything counts from the beginning again: the old number would never be reached. Who may still
      // answer from before the loss is listed as a lease of no node.
      waiter.target = Math.min(waiter.target ?? head, head);
      const { target } = waiter;
      waiter.othersHaveIt = target <= appliedByAll;
      // A node that ends or renews its lease early lets go of it before its time.
      waiter.outwaitedLease ||= [...waiter.behind].some(([leaseId, end]) => now >= end && !running.has(leaseId));
      const late = others.filter(({ appliedSeq }) => appliedSeq < target);
      waiter.behind.clear();
      for (const { leaseId, expiresInMilliseconds } of late) waiter.behind.set(leaseId, now + expiresInMilliseconds);
    }
    return Math.min(PATIENCE_MILLISECONDS, ...others.map((lease) => lease.expiresInMilliseconds)) + 1;
  }

  private release(catchUp: () => Promise<void>): void {
    for (const waiter of this.waiters) {
      if (waiter.target === undefined) continue;
      // Also what others on this node have ended: the second caller is promised the same.
      if (this.lease.isBehind(waiter.target)) void this.catchUpTo(waiter.target, catchUp);
      else if (waiter.othersHaveIt) this.letGo(waiter);
    }
  }

  private letGo(waiter: Waiter): void {
    if (!this.waiters.delete(waiter)) return;
    if (waiter.outwaitedLease) this.answeredByLease += 1;
    waiter.resolve();
  }

  private async catchUpTo(target: number, catchUp: () => Promise<void>): Promise<void> {
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    await catchUp();
    this.isCatchingUp = false;
    // It cannot read the feed: then it knows nothing for certain.
    if (this.lease.isBehind(target)) this.lease.lose();
    this.wake();
  }

  private wakeWithin(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.resume(), milliseconds);
      this.resume = () => {
        this.resume = () => {};
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Its node goes on from what was forgotten, and has applied nothing of what came since. */
function ofThisFeed(appliedSeq: number, head: number): number {
  return appliedSeq > head ? -1 : appliedSeq;
}
