import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { KEYS_CHANGED } from '../keys/known-keys.js';
import { SigningKeys } from '../keys/signing-keys.js';
import type { Announcement, Revocation } from '../revocation/revocation-feed.js';
import { RevocationRelay } from '../revocation/revocation-relay.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import { SteadyClock } from '../revocation/steady-clock.js';
import { PREFIX } from './follower-ids.js';
import { FollowerStream, lineOf } from './follower-stream.js';
import { LateFollowers } from './late-followers.js';
import { Positions } from './positions.js';
import type { FollowerMode } from './wire.js';

/** Of a lease: beats come thrice within it, also where the timer is late. */
const SHARE_BETWEEN_BEATS = 0.25;
/** Of a lease: so far behind the feed may a follower be. */
const SHARE_OF_LAG = 0.5;
/** Of the time between two beats: a node whose own beat comes later than that is starved itself, and judges no follower by it. */
const SHARE_OF_PUNCTUALITY = 2;
/** Leases that one which is behind runs at most: granted or prolonged in time, it ends within one. */
const LEASES_WATCHED = 2;

/**
 * All streams of this node, told by the node's own reader of the feed: no number of followers makes another call to the store. They last as
 * long as the node knows the feed without a gap, and no longer.
 */
@Injectable()
export class FollowerStreams implements RevocationView, BeforeApplicationShutdown {
  readonly positions: Positions;
  isStopping = false;
  /** Of the slowest follower of any node, in revocations, as of the last look. */
  lag = 0;
  private readonly open = new Set<FollowerStream>();
  private readonly late = new LateFollowers();
  private readonly logger = new Logger('followers');
  private beats = 0;
  private lastBeatAt = 0;
  /** Until then the leases are looked at, whether or not a stream is open: a follower may hold one without. */
  private watchedUntil = 0;
  /** Where the feed was when all followers were last seen to have applied it; null: some have not. */
  private allApplied: number | null = null;
  private isMeasuring = false;
  private timer: NodeJS.Timeout | undefined;
  /** As the followers were told. */
  private keys: unknown;

  constructor(
    private readonly relay: RevocationRelay,
    private readonly clock: SteadyClock,
    @Inject(SigningKeys) private readonly signingKeys: Pick<SigningKeys, 'accepted'>,
  ) {
    this.positions = new Positions(relay.leaseSeconds * 1000 * SHARE_OF_LAG);
    relay.follow(this);
  }

  /** How many are open on this node, by what was promised to them. */
  countIn(mode: FollowerMode): number {
    let count = 0;
    for (const stream of this.open) if (stream.mode === mode) count += 1;
    return count;
  }

  /** How many this key has open on this node. */
  countOf(keyId: string): number {
    let count = 0;
    for (const stream of this.open) if (stream.keyId === keyId) count += 1;
    return count;
  }

  /** From now on it is told. */
  add(stream: FollowerStream): void {
    this.open.add(stream);
    stream.once('close', () => this.open.delete(stream));
    this.watch();
  }

  /** A lease was granted or is to be prolonged here: it is looked at for as long as it may run. */
  watch(): void {
    this.watchedUntil = this.clock.milliseconds() + this.relay.leaseSeconds * 1000 * LEASES_WATCHED;
    if (this.timer || this.isStopping) return;
    this.keys = this.signingKeys.accepted();
    this.lastBeatAt = this.clock.milliseconds();
    this.timer = setInterval(() => this.beat(), this.betweenBeats).unref();
  }

  /** Whether revocations have waited for followers with this key in vain, so that it is granted no lease for now. */
  isSuspended(keyId: string): boolean {
    return this.late.isSuspended(keyId, this.clock.milliseconds());
  }

  apply(announcement: Announcement): void {
    const { seq, subject, kind, unsettled, settles } = announcement as Announcement & Partial<Revocation>;
    // What this node did itself comes again by the feed, with its number.
    if (seq === undefined) return;
    this.positions.note(seq, this.clock.milliseconds());
    if (this.open.size === 0) return;
    const line = lineOf({
      type: 'revoked',
      ...{ seq, subject, kind },
      ...(unsettled && { unsettled }),
      ...(settles && { settles }),
    });
    for (const stream of this.open) stream.revoked(seq, line);
    if (subject === KEYS_CHANGED.subject) this.tellKeys();
  }

  /** What comes next may not be what follows. */
  clear(): void {
    this.positions.clear();
    for (const stream of this.open) if (stream.follows !== false) stream.end('unavailable');
  }

  beforeApplicationShutdown(): void {
    // A connection that is open already may ask for another one: nothing would end that.
    this.isStopping = true;
    clearInterval(this.timer);
    for (const stream of this.open) stream.end('unavailable');
  }

  private beat(): void {
    if (this.open.size === 0 && this.clock.milliseconds() >= this.watchedUntil) this.rest();
    // Asking may lose the lease, and end the streams.
    const isTold = this.relay.isTold();
    if (this.signingKeys.accepted() !== this.keys) this.tellKeys();
    for (const stream of this.open) {
      if (stream.follows === false && this.relay.isThere && !this.isSuspended(stream.keyId)) stream.end('unavailable');
      else if (isTold || stream.follows === false) stream.beat();
    }
    this.beats += 1;
    const now = this.clock.milliseconds();
    const isPunctual = now - this.lastBeatAt <= this.betweenBeats * SHARE_OF_PUNCTUALITY;
    this.lastBeatAt = now;
    const isLongAgo = this.beats * SHARE_BETWEEN_BEATS >= 1;
    if (isTold && (isLongAgo || this.relay.position !== this.allApplied))
      void this.measure(isPunctual).catch(() => undefined);
  }

  private get betweenBeats(): number {
    return this.relay.leaseSeconds * 1000 * SHARE_BETWEEN_BEATS;
  }

  /** One call to the store a lease, however many follow; while revocations may be waiting for them, one a beat. */
  private async measure(isPunctual: boolean): Promise<void> {
    if (this.isMeasuring) return;
    this.isMeasuring = true;
    this.beats = 0;
    // Before it is asked: that long ago, at least, it was there for the followers.
    const { position } = this.relay;
    const recorded = [...this.open].filter(({ leaseId }) => leaseId !== null);
    const now = this.clock.milliseconds();
    const due = this.positions.dueAt(now);
    try {
      const { head, leases } = await this.relay.status();
      const applied = leases.filter(({ leaseId }) => leaseId.startsWith(PREFIX)).map(({ appliedSeq }) => appliedSeq);
      const running = new Set(leases.map(({ leaseId }) => leaseId));
      for (const stream of recorded) if (!running.has(stream.leaseId!)) this.orphaned(stream);
      this.lag = Math.max(0, ...applied.map((seq) => head - seq));
      this.allApplied = applied.every((seq) => seq >= position) ? position : null;
      if (isPunctual) for (const keyId of this.late.judge(leases, due, now)) this.complainOf(keyId);
    } finally {
      this.isMeasuring = false;
    }
  }

  /** Whoever held its lease has lost it, and opens another stream: this one would count until the connection is known to be dead. */
  private orphaned(stream: FollowerStream): void {
    if (stream.isOrphaned) stream.body.destroy();
    stream.isOrphaned = true;
  }

  private complainOf(keyId: string): void {
    this.logger.warn(
      `revocations have waited twice within a minute for services that follow with the key ${keyId}: for a minute it is granted no lease, and they look each request up`,
    );
  }

  private tellKeys(): void {
    this.keys = this.signingKeys.accepted();
    const line = lineOf({ type: 'keys' });
    for (const stream of this.open) stream.write(line);
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.lag = 0;
  }
}
