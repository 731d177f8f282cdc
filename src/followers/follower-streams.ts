import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { KEYS_CHANGED } from '../keys/known-keys.js';
import { SigningKeys } from '../keys/signing-keys.js';
import type { Announcement, Revocation } from '../revocation/revocation-feed.js';
import { RevocationRelay } from '../revocation/revocation-relay.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import { SteadyClock } from '../revocation/steady-clock.js';
import { PREFIX } from './follower-ids.js';
import { FollowerStream, lineOf } from './follower-stream.js';
import { Positions } from './positions.js';
import type { FollowerMode } from './wire.js';

/** Of a lease: beats come thrice within it, also where the timer is late. */
const SHARE_BETWEEN_BEATS = 0.25;

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
  private beats = 0;
  private timer: NodeJS.Timeout | undefined;
  /** As the followers were told. */
  private keys: unknown;

  constructor(
    private readonly relay: RevocationRelay,
    private readonly clock: SteadyClock,
    @Inject(SigningKeys) private readonly signingKeys: Pick<SigningKeys, 'accepted'>,
  ) {
    this.positions = new Positions(relay.leaseSeconds * 1000);
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
    stream.once('close', () => {
      this.open.delete(stream);
      if (this.open.size === 0) this.rest();
    });
    if (this.timer) return;
    this.keys = this.signingKeys.accepted();
    this.timer = setInterval(() => this.beat(), this.relay.leaseSeconds * 1000 * SHARE_BETWEEN_BEATS).unref();
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
    // Asking may lose the lease, and end the streams.
    const isTold = this.relay.isTold();
    if (this.signingKeys.accepted() !== this.keys) this.tellKeys();
    for (const stream of this.open) if (isTold || stream.follows === false) stream.beat();
    this.beats += 1;
    if (isTold && this.beats * SHARE_BETWEEN_BEATS >= 1) {
      this.beats = 0;
      void this.measure().catch(() => undefined);
    }
  }

  /** One call to the store a lease, however many follow. */
  private async measure(): Promise<void> {
    const { head, leases } = await this.relay.status();
    const applied = leases.filter(({ leaseId }) => leaseId.startsWith(PREFIX)).map(({ appliedSeq }) => appliedSeq);
    this.lag = Math.max(0, ...applied.map((seq) => head - seq));
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
