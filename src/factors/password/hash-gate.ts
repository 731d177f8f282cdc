import { AuthError } from '../../kernel/auth-error.js';
import { Histogram } from '../../kernel/histogram.js';

/** How many may hash, how many may wait, and how long. */
export interface HashGateLimits {
  readonly concurrency: number;
  readonly queue: number;
  readonly waitSeconds: number;
}

/** Calls `action` once after `seconds`; what it returns calls that off. */
export type StartTimer = (action: () => void, seconds: number) => () => void;

/**
 * Lets few hashes run at once and the rest wait, so that logins can exhaust neither memory nor processor. Each source of hashes
 * waits in a line of its own, and the lines take turns: a client that asks for two hundred keeps no other waiting. A caller that would wait
 * too long is refused, but only after having waited: a client that is refused at once comes back at once, and many of them would take the
 * processor from those whose turn it is. How many wait bounds nothing but memory.
 */
export class HashGate {
  /** How long those waited that were admitted. */
  readonly waits = Histogram.ofWaiting();
  /** By source, in the order of their turns. None is empty. */
  private readonly lines = new Map<string, Set<() => void>>();
  private active = 0;
  private inLine = 0;

  constructor(
    private readonly limits: HashGateLimits,
    private readonly startTimer: StartTimer = startRealTimer,
  ) {}

  /** Hashes under way. */
  get running(): number {
    return this.active;
  }

  /** Hashes in line. */
  get waiting(): number {
    return this.inLine;
  }

  /**
   * Runs `work` when its turn comes: of each source first come, first served.
   *
   * @param source who asks, e.g. a network; all who name none are one
   * @throws AuthError `unavailable` when too many wait, or its turn does not come in time; charged where its own source is the cause
   */
  async run<T>(work: () => Promise<T>, source = ''): Promise<T> {
    // A place that becomes free goes straight to the next in line; a caller that arrives in between cannot take it.
    const arrivedAt = performance.now();
    if (this.active < this.limits.concurrency) this.active += 1;
    else await this.turn(source);
    this.waits.observe((performance.now() - arrivedAt) / 1000);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(source: string): Promise<void> {
    const { queue, waitSeconds } = this.limits;
    if (this.inLine >= queue) return Promise.reject(this.busy('hash_queue_full', source));
    return new Promise((resolve, reject) => {
      const callOff = this.startTimer(() => {
        const refusal = this.busy('hash_waited_too_long', source);
        this.withdraw(source, enter);
        reject(refusal);
      }, waitSeconds);
      const enter = () => {
        callOff();
        resolve();
      };
      const line = this.lines.get(source) ?? new Set();
      this.lines.set(source, line.add(enter));
      this.inLine += 1;
    });
  }

  private leave(): void {
    const [first] = this.lines;
    if (!first) {
      this.active -= 1;
      return;
    }
    const [source, line] = first;
    const [next] = line;
    this.withdraw(source, next!);
    // Behind all others, until it is this line's turn again.
    if (this.lines.delete(source)) this.lines.set(source, line);
    next!();
  }

  private withdraw(source: string, enter: () => void): void {
    const line = this.lines.get(source);
    if (!line?.delete(enter)) return;
    this.inLine -= 1;
    if (line.size === 0) this.lines.delete(source);
  }

  /** A source that has more in line than may run at once is waiting for itself. */
  private busy(reason: string, source: string): AuthError {
    const isCharged = (this.lines.get(source)?.size ?? 0) > this.limits.concurrency;
    return new AuthError('unavailable', { reason, retryAfterSeconds: this.limits.waitSeconds, isCharged });
  }
}

function startRealTimer(action: () => void, seconds: number): () => void {
  const timer = setTimeout(action, seconds * 1000);
  return () => clearTimeout(timer);
}
