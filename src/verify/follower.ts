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
/** Looks at the lease, to a lease. */
const ROUNDS = 3;
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
    this.reconnection = new Reconnection(clock, this.closing.signal);
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
        if (error instanceof ServiceRefusal && isOfCredential(error)) this.events.onRefused(error);
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
  private cancelRound: () => void = () => undefined;

  constructor(
    private readonly calls: ServiceCalls,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    private readonly events: FollowerEvents,
    onRenewed: () => void,
  ) {
    this.telling = new Telling(calls, lease, clock, this.over, onRenewed);
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
    this.cancelRound();
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
      this.telling.soon();
    }
    return new Error('cut');
  }

  private begin(line: StreamLine | null, onOpen: () => void, sentAt: number): void {
    if (line?.type !== 'lease') throw new TypeError('the stream began without a lease');
    onOpen();
    this.line = line;
    this.telling.pace(line.leaseSeconds);
    this.lease.begin(line, sentAt);
    this.events.onLease(line);
    this.round();
  }

  private take(line: StreamLine): void {
    if (line.type === 'keys') this.events.onKeys();
    if (line.type === 'beat' && !this.lease.beat(line.head)) throw new Error('gap');
    if (line.type === 'lease') throw new TypeError('the stream has begun already');
    if (line.type === 'revoked' && !this.lease.apply(line)) throw new Error('gap');
  }

  /** Several times a lease: whether anything was heard, whether the lease is held, and what has to be told. */
  private round(): void {
    const milliseconds = this.line!.leaseSeconds * 1000;
    this.cancelRound = this.clock.after(milliseconds / ROUNDS, () => {
      const isSilent = this.clock.milliseconds() - this.heardAt >= milliseconds * SHARE_OF_SILENCE;
      const isLost = this.line!.follows && !this.lease.isHeld();
      // What the service had a round ago has not come: this stream lags, or brings nothing any more.
      const isBehind = this.lease.isDue() && !this.lease.isAbreast;
      if (isSilent || isLost || isBehind) return this.end();
      this.telling.soon();
      this.round();
    });
  }
}

function isOfCredential({ status }: ServiceRefusal): boolean {
  return status === 401 || status === 403;
}

function reasonOf(error: unknown): string {
  if (error instanceof ServiceRefusal) return error.message;
  const said = error as { type?: string; code?: unknown; message?: string } | undefined;
  if (said?.type === 'end') return `the service ended the stream (${String(said.code)})`;
  if (error instanceof TypeError) return error.message.slice(0, 200);
  return 'the stream was cut';
}
