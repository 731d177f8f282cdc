import { PassThrough } from 'node:stream';
import type { LiveSocket } from '../access/live-socket.js';
import type { FollowerMode, LeaseLine, StreamLine } from './wire.js';

/** How much a follower may leave unread before it is cut off: some 500 revocations, beside what the connection holds. */
const UNREAD_BYTES = 64 * 1024;
/** After this, its unread lines are not waited for. */
const FAREWELL_MILLISECONDS = 1_000;
/** Revocations that may come while its lease is asked for. */
const MOST_EARLY = 10_000;
const CLOSED = 3;
const OPEN = 1;

/** A line, written once for all streams. */
export function lineOf(line: StreamLine): Buffer {
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

/**
 * One follower's stream. It is opened before its lease is asked for, and keeps what comes meanwhile: no revocation can fall between the two.
 * To the watch over live connections it is a socket that is told why it is closed.
 */
export class FollowerStream implements LiveSocket {
  readonly body = new PassThrough({ highWaterMark: UNREAD_BYTES });
  /** Number of the next revocation to tell; null until its lease is there. */
  private next: number | null = null;
  private early: { readonly seq: number; readonly line: Buffer }[] = [];
  /** Whether it is told of revocations; null until its lease is there. */
  follows: boolean | null = null;
  /** What the store calls its lease; null: none is recorded. */
  leaseId: string | null = null;
  /** Its lease has ended: it forgot to hang up, or its connection is cut without a word. */
  isOrphaned = false;

  constructor(
    readonly keyId: string,
    readonly mode: FollowerMode,
  ) {
    // Only the parts that listen for its end need to hear of it.
    this.body.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return !this.body.writableEnded && !this.body.destroyed;
  }

  /** As of a WebSocket. */
  get readyState(): number {
    return this.isOpen ? OPEN : CLOSED;
  }

  once(event: string, listener: () => void): this {
    this.body.once(event, listener);
    return this;
  }

  /** Tells the lease, and goes on behind its head. */
  begin(lease: LeaseLine): void {
    this.follows = lease.follows;
    this.next = lease.head + 1;
    this.write(lineOf(lease));
    for (const { seq, line } of this.early.splice(0)) this.revoked(seq, line);
  }

  revoked(seq: number, line: Buffer): void {
    if (this.next === null) {
      this.early.push({ seq, line });
      if (this.early.length > MOST_EARLY) this.end('unavailable');
      return;
    }
    // In the lease already.
    if (seq < this.next) return;
    if (seq > this.next) {
      this.end('unavailable');
      return;
    }
    this.next += 1;
    this.write(line);
  }

  beat(): void {
    if (this.next !== null) this.write(lineOf({ type: 'beat', head: this.next - 1 }));
  }

  /** Not before its lease, which is the first line. */
  write(line: Buffer): void {
    if (!this.isOpen || this.next === null) return;
    this.body.write(line);
    // It reads no more. It opens another stream when it does.
    if (this.body.writableNeedDrain) this.body.destroy();
  }

  /** Nothing comes after it. */
  end(code: string): void {
    if (!this.isOpen) return;
    this.body.end(lineOf({ type: 'end', code }));
    setTimeout(() => this.body.destroy(), FAREWELL_MILLISECONDS).unref();
  }

  /** Its ticket is over. */
  close(_code: number, reason: string): void {
    this.end(reason);
  }
}
