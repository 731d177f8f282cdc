import { ServiceRefusal } from './service-calls.js';
import type { VerifyClock } from './verify-clock.js';

/** Before the first stream that follows one that went well: at most. */
const JITTER_MILLISECONDS = 100;
/** After one that did not, doubled each time. */
const FIRST_MILLISECONDS = 250;
const MOST_MILLISECONDS = 3_000;
/** Of any other wait: so much may be added at random. */
const SHARE_OF_JITTER = 0.25;
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
    if (milliseconds <= 0) return;
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
    const { failures } = this;
    this.failures += 1;
    const least = failures === 0 ? 0 : Math.min(FIRST_MILLISECONDS * 2 ** (failures - 1), MOST_MILLISECONDS);
    const refusal = error instanceof ServiceRefusal ? error : null;
    const asked = Math.min(refusal?.retryAfterSeconds ?? 0, MOST_RETRY_AFTER_SECONDS) * 1000;
    const isRefused = refusal?.isOfCredential === true;
    const wait = Math.max(least, asked, isRefused ? REFUSED_MILLISECONDS : 0);
    return wait + this.random() * (wait * SHARE_OF_JITTER || JITTER_MILLISECONDS);
  }
}
