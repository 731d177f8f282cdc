import { Batcher } from '../../kernel/batcher.js';
import {
  type Announcement,
  type FeedListener,
  type FeedStatus,
  type GrantedLease,
  type Revocation,
  RevocationFeed,
  type Subject,
  UNSETTLED_SECONDS,
} from '../../revocation/revocation-feed.js';
import {
  ACKNOWLEDGED_CHANNEL,
  APPEND,
  FEED_KEYS,
  GRANT,
  RELEASE,
  RENEW,
  REVOKED_CHANNEL,
  STATUS,
} from './feed-scripts.js';
import type { LuaScript } from './lua-script.js';
import type { RedisConnection } from './redis-connection.js';
import { unavailable } from './unreachable-redis.js';

const UNSETTLED_MS = UNSETTLED_SECONDS * 1000;
/** Of that: a change that is not on its way by then is not made. Leaves time for the way, and for clocks that differ in speed. */
const LATEST_CHANGE_MS = UNSETTLED_MS / 2;

/**
 * The feed as a stream, and the leases by Redis's own clock. Sessions lie in other slots, so a change is announced before it
 * is made, and settled after: see {@link around}.
 */
export class RedisRevocationFeed extends RevocationFeed {
  readonly joinsTransactions = false;
  private longestLeaseMs = 0;
  private readonly appending = new Batcher((lists: readonly (readonly Announcement[])[]) => this.appendTogether(lists));

  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async append(announcements: readonly Announcement[]): Promise<void> {
    if (announcements.length > 0) await this.appending.load(announcements);
  }

  /**
   * Makes a change between its announcement and what settles that. When it fails it is not settled: perhaps it was made all
   * the same, and no node keeps what it concerns until none can be late with it.
   *
   * @param meanwhile done while it is settled; must not fail
   */
  async around<T>(
    before: readonly Announcement[],
    change: () => Promise<T>,
    after: (outcome: T) => readonly Announcement[],
    meanwhile?: (outcome: T) => Promise<unknown>,
  ): Promise<T> {
    const start = performance.now();
    await this.append(before.map((announcement) => ({ ...announcement, unsettled: true })));
    if (performance.now() - start > LATEST_CHANGE_MS) throw unavailable('announced too long ago');
    const outcome = await change();
    // It is made, and announced: a failure here costs look-ups for a minute, and must not look like one to make it.
    await Promise.all([this.append(after(outcome)).catch(() => {}), meanwhile?.(outcome)]);
    return outcome;
  }

  async since(seq: number, limit: number): Promise<Revocation[]> {
    const [, stream] = FEED_KEYS;
    const entries = await this.redis.ask(stream, ['XRANGE', stream, String(seq + 1), '+', 'COUNT', String(limit)]);
    const revocations = (entries as [string, string[]][]).map(([id, fields]) => revocationOf(id, fields));
    return revocations[0]?.seq === seq + 1 ? revocations : [];
  }

  async grant(leaseId: string, leaseSeconds: number): Promise<GrantedLease> {
    this.longestLeaseMs = Math.max(this.longestLeaseMs, leaseSeconds * 1000);
    const [head, counts] = (await this.run(GRANT, [leaseId, Math.ceil(leaseSeconds * 1000), UNSETTLED_MS])) as [
      number,
      string[],
    ];
    const unsettled: Announcement[] = [];
    for (let i = 0; i < counts.length; i += 2) {
      const subject = counts[i] as Subject;
      for (let n = 0; n < Number(counts[i + 1]); n += 1) unsettled.push({ subject, kind: 'changed', unsettled: true });
    }
    return { head, unsettled };
  }

  async renew(leaseId: string, appliedSeq: number, leaseSeconds: number): Promise<number | null> {
    this.longestLeaseMs = Math.max(this.longestLeaseMs, leaseSeconds * 1000);
    const head = await this.run(RENEW, [leaseId, appliedSeq, Math.ceil(leaseSeconds * 1000)]);
    return head as number | null;
  }

  async acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    return (await this.run(RENEW, [leaseId, appliedSeq, 0])) as number | null;
  }

  async releaseLease(leaseId: string): Promise<void> {
    await this.run(RELEASE, [leaseId]);
  }

  async status(): Promise<FeedStatus> {
    const [head, flat] = (await this.run(STATUS, [this.longestLeaseMs])) as [number, (string | number)[]];
    const leases = [];
    for (let i = 0; i < flat.length; i += 3) {
      const [leaseId, appliedSeq, left] = [String(flat[i]), Number(flat[i + 1]), Number(flat[i + 2])];
      leases.push({ leaseId, appliedSeq, expiresInMilliseconds: left });
    }
    return { head, leases };
  }

  async listen(listener: FeedListener): Promise<() => Promise<void>> {
    const stop = await this.redis.listen(FEED_KEYS[0], [REVOKED_CHANNEL, ACKNOWLEDGED_CHANNEL], {
      hear: (channel) => (channel === REVOKED_CHANNEL ? listener.onRevoked() : listener.onAcknowledged()),
      onCut: () => listener.onLost(),
    });
    return async () => stop();
  }

  private async appendTogether(lists: readonly (readonly Announcement[])[]): Promise<void[]> {
    const values = lists
      .flat()
      .flatMap(({ subject, kind, unsettled, settles }) => [
        subject,
        kind,
        unsettled ? 'unsettled' : settles ? 'settles' : '',
      ]);
    await this.run(APPEND, [UNSETTLED_MS, ...values]);
    return lists.map(() => undefined);
  }

  private run(script: LuaScript, values: readonly (string | number)[]): Promise<unknown> {
    return this.redis.run(script, FEED_KEYS, values);
  }
}

function revocationOf(id: string, fields: readonly string[]): Revocation {
  const [, subject, , kind, , state] = fields as [string, Subject, string, Revocation['kind'], string, string];
  const revocation = { seq: Number(id.split('-')[0]), subject, kind };
  if (state === 'unsettled') return { ...revocation, unsettled: true };
  return state === 'settles' ? { ...revocation, settles: true } : revocation;
}
