import { ServiceRefusal } from './service-calls.js';
import type { VerifyClock } from './verify-clock.js';

/** After a stream that went well: at most. */
const JITTER_MILLISECONDS = 100;
/** After one that did not, doubled each time. */
const FIRST_MILLISECONDS = 250;
const MOST_MILLISECONDS = 3_000;
/** A credential that is refused does not get better by asking often. */
const REFUSED_MILLISECONDS = 5_000;
/** Whatever the service asks for. */
const MOST_RETRY_AFTER_SECONDS = 60;

/** How long to wait before the next stream: at random, so that those who lost theirs together do not come back together. */
export class Reconnection {
  private failures = 0;

  constructor(
    private readonly clock: VerifyClock,
    private readonly signal: AbortSignal,
    private readonly random: () => number = Math.random,
  ) {}

  /** A lease was prolonged: what ends its stream later is another matter. */
  succeeded(): void {
    this.failures = 0;
  }

  /** Resolves when it is time, or when the signal aborts. */
  async pause(error: unknown): Promise<void> {
    const milliseconds = this.next(error);
    const { clock, signal } = this;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, end);
      function end(): void {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  private next(error: unknown): number {
    const most = this.failures === 0 ? JITTER_MILLISECONDS : FIRST_MILLISECONDS * 2 ** (this.failures - 1);
    this.failures += 1;
    const spread = Math.min(most, MOST_MILLISECONDS) * (0.5 + this.random() / 2);
    if (!(error instanceof ServiceRefusal)) return spread;
    const asked = Math.min(error.retryAfterSeconds ?? 0, MOST_RETRY_AFTER_SECONDS) * 1000;
    const isRefused = error.status >= 400 && error.status < 500;
    return Math.max(spread, asked * (1 + this.random() / 4), isRefused ? REFUSED_MILLISECONDS : 0);
  }
}
