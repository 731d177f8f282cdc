import { AuthError } from '../../kernel/auth-error.js';
import { Durations } from '../../kernel/durations.js';

/** How many may hash, how many may wait, and how long. */
export interface HashGateLimits {
  readonly concurrency: number;
  readonly queue: number;
  readonly waitSeconds: number;
}

/** Calls `action` once after `seconds`; what it returns calls that off. */
export type StartTimer = (action: () => void, seconds: number) => () => void;

/**
 * Lets few hashes run at once and the rest wait in line, so that logins can exhaust neither memory nor processor. Who would
 * wait too long is refused, but only after having waited: a client that is refused at once comes back at once, and many of
 * them would take the processor from those whose turn it is. The length of the line bounds nothing but memory.
 */
export class HashGate {
  /** How long those waited that were admitted. */
  readonly waits = Durations.ofWaiting();
  private readonly line = new Set<() => void>();
  private active = 0;

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
    return this.line.size;
  }

  /**
   * Runs `work` when its turn comes: first come, first served.
   *
   * @throws AuthError `unavailable` when the line is full, or its turn does not come in time
   */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    // The place of whoever leaves goes straight to the next in line; nobody who arrives in between can take it.
    const arrivedAt = performance.now();
    if (this.active < this.limits.concurrency) this.active += 1;
    else await this.turn();
    this.waits.observe((performance.now() - arrivedAt) / 1000);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(): Promise<void> {
    const { queue, waitSeconds } = this.limits;
    if (this.line.size >= queue) return Promise.reject(busy('hash_queue_full', waitSeconds));
    return new Promise((resolve, reject) => {
      const callOff = this.startTimer(() => {
        this.line.delete(enter);
        reject(busy('hash_waited_too_long', waitSeconds));
      }, waitSeconds);
      const enter = () => {
        callOff();
        resolve();
      };
      this.line.add(enter);
    });
  }

  private leave(): void {
    const [next] = this.line;
    if (!next) {
      this.active -= 1;
      return;
    }
    this.line.delete(next);
    next();
  }
}

function busy(reason: string, retryAfterSeconds: number): AuthError {
  return new AuthError('unavailable', { reason, retryAfterSeconds });
}

function startRealTimer(action: () => void, seconds: number): () => void {
  const timer = setTimeout(action, seconds * 1000);
  return () => clearTimeout(timer);
}
