/** More would only wait in vain. */
const MOST_WAITING = 256;

interface Counter {
  asking: number;
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * The attempts in flight on this node, by the counters that hold a slot for each. A counter that is full of them is not used
 * up: an attempt that finds it so waits for one to end, instead of being refused because others are logging in at the same moment.
 */
export class InFlightAttempts {
  private readonly counters = new Map<string, Counter>();

  /** The counters are being asked for a slot. Followed by `finishReserving` or `cancelReserving`. */
  startReserving(keys: readonly string[]): void {
    for (const key of keys) this.counterOf(key).asking += 1;
  }

  /** The slot was given. Followed by `releaseSlots`. */
  finishReserving(keys: readonly string[]): void {
    for (const key of keys) {
      const counter = this.counterOf(key);
      counter.asking -= 1;
      counter.running += 1;
    }
  }

  cancelReserving(keys: readonly string[]): void {
    for (const key of keys) {
      this.counterOf(key).asking -= 1;
      this.release(key);
    }
  }

  /** @param isFree whether the slot may be taken by another: not when the attempt has failed, and counts */
  releaseSlots(keys: readonly string[], isFree: boolean): void {
    for (const key of keys) {
      const counter = this.counterOf(key);
      counter.running -= 1;
      const [next] = counter.waiting;
      if (isFree && next) next();
      this.release(key);
    }
  }

  /**
   * Waits until it is worth asking again. False: it is not, or not within `seconds`.
   *
   * @param isFirst whether the counter was asked once: then one of those still asking may have been given the last slot
   */
  wait(key: string, isFirst: boolean, seconds: number): Promise<boolean> {
    const counter = this.counters.get(key);
    const isBusy = counter !== undefined && (counter.running > 0 || (isFirst && counter.asking > 0));
    if (!isBusy || counter.waiting.size >= MOST_WAITING || seconds <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const stop = (isFree: boolean) => {
        clearTimeout(timer);
        counter.waiting.delete(enter);
        resolve(isFree);
      };
      const enter = () => stop(true);
      const timer = setTimeout(() => stop(false), seconds * 1000);
      counter.waiting.add(enter);
    });
  }

  /** How many counters have attempts in flight: for tests. */
  get size(): number {
    return this.counters.size;
  }

  private release(key: string): void {
    const counter = this.counters.get(key);
    if (!counter || counter.running > 0 || counter.asking > 0) return;
    this.counters.delete(key);
    // Nothing is left that would call them.
    for (const enter of [...counter.waiting]) enter();
  }

  private counterOf(key: string): Counter {
    const counter = this.counters.get(key) ?? { asking: 0, running: 0, waiting: new Set() };
    this.counters.set(key, counter);
    return counter;
  }
}
