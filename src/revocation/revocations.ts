import type { EntityManager } from 'typeorm';
import type { Histogram } from '../kernel/histogram.js';
import type { Acknowledgement } from './acknowledgement.js';
import type { Heartbeat } from './heartbeat.js';
import type { NodeLease } from './node-lease.js';
import type { Announcement, RevocationFeed, Subject } from './revocation-feed.js';

/** Announces revocations; null where the storage cannot push, and every request asks the store anyway. */
export interface RevocationChannel {
  readonly feed: RevocationFeed;
  readonly lease: NodeLease;
  readonly acknowledgement: Acknowledgement;
  readonly heartbeat: Heartbeat;
  /** Whether `confirm` waits for the other nodes. */
  readonly waits: boolean;
  /** How long the waiting took. */
  readonly acknowledged: Histogram;
}

/**
 * How a change becomes known to every node before its caller is answered.
 *
 * @example
 * await dataSource.transaction(async (manager) => {
 *   await suspend(userId, manager);
 *   await revocations.announce([{ subject: `user:${userId}`, kind: 'changed' }], manager);
 * });
 * await revocations.settle([{ subject: `user:${userId}`, kind: 'changed' }]);
 */
export class Revocations {
  /** The subjects that each transaction has announced as unsettled: settled once, each must be opened once. */
  private readonly unsettled = new WeakMap<EntityManager, Set<Subject>>();
  /** The announcements that each gathering transaction has made so far. */
  private readonly gathered = new WeakMap<EntityManager, Map<Subject, Announcement>>();

  constructor(private readonly channel: RevocationChannel | null) {}

  /**
   * Announces a change that is part of the transaction `within`; at its end, for it may hold a lock until the commit. Also
   * right where the feed cannot join the transaction: then no node caches the subject until it is settled, or a minute later.
   */
  async announce(announcements: readonly Announcement[], within: EntityManager): Promise<void> {
    const gathering = this.gathered.get(within);
    if (gathering) return gather(announcements, gathering);
    if (!this.channel) return;
    const { feed } = this.channel;
    if (feed.joinsTransactions) return feed.append(announcements, within);
    return feed.append(this.unannounced(announcements, within).map((one) => ({ ...one, unsettled: true })));
  }

  /**
   * From here on the transaction's announcements are kept back until {@link announceGathered} appends them at once: the feed's
   * head stays locked from there to the commit.
   */
  gather(within: EntityManager): void {
    this.gathered.set(within, new Map());
  }

  /** The last statement of a transaction that gathers: one append. Returns what is to be settled after the commit. */
  async announceGathered(within: EntityManager): Promise<readonly Announcement[]> {
    const announcements = [...(this.gathered.get(within)?.values() ?? [])];
    this.gathered.delete(within);
    if (announcements.length > 0) await this.announce(announcements, within);
    return announcements;
  }

  /**
   * After the commit of what was announced: returns when no node answers from before it. Once for each subject of a
   * transaction, however often that announced it.
   */
  async settle(announcements: readonly Announcement[]): Promise<void> {
    if (!this.channel) return;
    const { feed } = this.channel;
    if (!feed.joinsTransactions)
      await feed.append(announcements.map((announcement) => ({ ...announcement, settles: true })));
    return this.confirm(announcements);
  }

  /**
   * Returns when no node answers from before a change that the feed has already: one that a store made and announced. With
   * `REVOCATION_GUARANTEE=bounded` it waits for no other node.
   */
  async confirm(announcements: readonly Announcement[]): Promise<void> {
    if (!this.channel) return;
    const { lease, acknowledgement, heartbeat, waits, acknowledged } = this.channel;
    lease.applyHere(announcements);
    if (!waits) return;
    const since = performance.now();
    await acknowledgement.ofAllNodes(() => heartbeat.beat());
    acknowledged.observe((performance.now() - since) / 1000);
  }

  private unannounced(announcements: readonly Announcement[], within: EntityManager): Announcement[] {
    const known = this.unsettled.get(within) ?? new Set();
    this.unsettled.set(within, known);
    return announcements.filter(({ subject }) => !known.has(subject) && known.add(subject));
  }
}

/** Of several about one subject the strongest stands. */
function gather(announcements: readonly Announcement[], into: Map<Subject, Announcement>): void {
  for (const announcement of announcements) {
    if (into.get(announcement.subject)?.kind !== 'ended') into.set(announcement.subject, announcement);
  }
}
