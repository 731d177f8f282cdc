import type { FollowerMode } from '../followers/wire.js';
import type { FollowerLease } from './follower-lease.js';
import { Reconnection } from './reconnection.js';
import { type ServiceCalls, ServiceRefusal } from './service-calls.js';
import { type LeaseLine, type StreamLine, streamLineIn } from './stream-line.js';
import { linesOf } from './stream-lines.js';
import { Telling } from './telling.js';
import { type VerifyClock, within } from './verify-clock.js';

/** How long the first line of a stream may take. */
const OPENING_MILLISECONDS = 5_000;
/** Of a lease: so long a stream may be silent. It beats thrice. */
const SHARE_OF_SILENCE = 2 / 3;

/** What a follower tells the rest of a verifier. */
export interface FollowerEvents {
  /** A stream has begun: whatever was not heard before it may have happened. */
  onLease(line: LeaseLine): void;
  /** The published keys have changed. */
  onKeys(): void;
  /** The stream is lost, and why: a word, and nothing secret. */
  onLost(reason: string): void;
  /** The service refuses this verifier's credential. */
  onRefused(refusal: ServiceRefusal): void;
}

/** How a follower asks. */
export interface FollowerSettings {
  readonly mode: FollowerMode;
  readonly name: string | undefined;
  /** From 0 to 1. Default: at random. */
  readonly random?: () => number;
}

/** Keeps a lease: opens the stream of revocations, applies and acknowledges what it brings, and opens another one when it ends. */
export class Follower {
  private readonly closing = new AbortController();
  private readonly reconnection: Reconnection;
  private running: Promise<void> | undefined;

  constructor(
    private readonly calls: ServiceCalls,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly events: FollowerEvents,
    private readonly settings: FollowerSettings,
  ) {
    this.reconnection = new Reconnection(clock, this.closing.signal, settings.random);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the lease, so that no revoker waits for it. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const error = await this.followOne().catch((cause: unknown) => cause);
      this.lease.lose();
      const lost = this.lease.takeLost();
      const released = lost === null ? null : this.calls.endLease(lost).catch(() => undefined);
      if (signal.aborted) await released;
      else {
        this.events.onLost(reasonOf(error));
        if (error instanceof ServiceRefusal && error.isOfCredential) this.events.onRefused(error);
        await this.reconnection.pause(error);
      }
    }
  }

  private async followOne(): Promise<unknown> {
    const stream = new OpenStream(this.calls, this.lease, this.clock, this.events, () => this.reconnection.succeeded());
    const end = () => stream.end();
    this.closing.signal.addEventListener('abort', end);
    try {
      return await stream.follow(this.settings);
    } finally {
      this.closing.signal.removeEventListener('abort', end);
      end();
    }
  }
}

/** One stream, from its first line to its last. */
class OpenStream {
  private readonly telling: Telling;
  private readonly over = new AbortController();
  private heardAt = 0;
  private line: LeaseLine | null = null;
  private cancelCheck: () => void = () => undefined;

  constructor(
    private readonly calls: ServiceCalls,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly events: FollowerEvents,
    onRenewed: () => void,
  ) {
    this.telling = new Telling(calls, lease, clock, this.over, {
      onRenewed,
      onIdle: () => this.checkLater(),
    });
  }

  /** Rejects, or resolves to what the service said last, when it is over. */
  async follow({ mode, name }: FollowerSettings): Promise<unknown> {
    const opening = within(this.clock, OPENING_MILLISECONDS, this.over.signal);
    try {
      const sentAt = this.clock.milliseconds();
      const body = await this.calls.openStream(mode, name, opening.signal);
      return await this.read(body, () => opening.end(), sentAt);
    } finally {
      opening.end();
    }
  }

  end(): void {
    this.cancelCheck();
    this.over.abort();
  }

  private async read(body: ReadableStream<Uint8Array>, onOpen: () => void, sentAt: number): Promise<unknown> {
    for await (const lines of linesOf(body, this.over.signal)) {
      this.heardAt = this.clock.milliseconds();
      for (const text of lines) {
        const line = streamLineIn(text);
        if (this.line === null) this.begin(line, onOpen, sentAt);
        else if (line?.type === 'end') return line;
        else if (line !== null) this.take(line);
      }
      if (!this.lease.isTold) this.telling.soon();
    }
    return new Error('cut');
  }

  private begin(line: StreamLine | null, onOpen: () => void, sentAt: number): void {
    if (line?.type !== 'lease') throw new TypeError('the stream began without a lease');
    onOpen();
    this.line = line;
    this.telling.pace(line.leaseSeconds);
    this.lease.begin(line, sentAt, () => this.end());
    this.events.onLease(line);
    this.checkLater();
  }

  private take(line: StreamLine): void {
    if (line.type === 'keys') this.events.onKeys();
    if (line.type === 'beat' && !this.lease.beat(line.head)) throw new Error('gap');
    if (line.type === 'lease') throw new TypeError('the stream has begun already');
    if (line.type === 'revoked' && !this.lease.apply(line)) throw new Error('gap');
  }

  /** At the moment when something may be due: the lease over, the stream silent for too long, or the lease to be prolonged. */
  private checkLater(): void {
    this.cancelCheck();
    if (this.line === null || this.over.signal.aborted) return;
    const due = this.line.follows ? [this.silentFrom, this.lease.heldUntil, this.telling.dueAt] : [this.silentFrom];
    const wait = Math.max(0, Math.min(...due) - this.clock.milliseconds());
    this.cancelCheck = this.clock.after(wait, () => this.check());
  }

  private check(): void {
    const now = this.clock.milliseconds();
    if (now >= this.silentFrom || (this.line!.follows && !this.lease.isHeld())) this.end();
    if (now >= this.telling.dueAt) this.telling.soon();
    this.checkLater();
  }

  private get silentFrom(): number {
    return this.heardAt + this.line!.leaseSeconds * 1000 * SHARE_OF_SILENCE;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ServiceRefusal) return error.message;
  const said = error as { type?: string; code?: unknown; message?: string } | undefined;
  if (said?.type === 'end') return `the service ended the stream (${String(said.code)})`;
  if (error instanceof TypeError) return error.message.slice(0, 200);
  return 'the stream was cut';
}
