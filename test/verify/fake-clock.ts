import type { VerifyClock } from '../../src/verify/verify-clock.js';

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

/** A clock that only the test moves. */
export class FakeVerifyClock implements VerifyClock {
  private now = 1_000_000;
  private wall = 1_800_000_000;
  private timers = new Set<Timer>();

  milliseconds(): number {
    return this.now;
  }

  epochSeconds(): number {
    return this.wall;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.now + milliseconds, work };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** In small steps, as time passes: what is due is done in its order, and what follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const next = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.wall += (Math.max(next.at, this.now) - this.now) / 1000;
      this.now = Math.max(next.at, this.now);
      this.timers.delete(next);
      next.work();
    }
    this.wall += (end - this.now) / 1000;
    this.now = end;
    await settled();
  }

  /** A machine that was suspended: no timer has run meanwhile. */
  suspend(milliseconds: number): void {
    this.now += milliseconds;
    this.wall += milliseconds / 1000;
  }

  /** The time of day is set. */
  setWall(seconds: number): void {
    this.wall = seconds;
  }
}

/** Lets everything happen that waits for nothing but its turn: promises, streams, and the thread pool that signatures are verified on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for what the work of this process will bring about, however long the thread pool takes for a signature. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
