/** How long something took, counted by how long: what a histogram is made of. Observing costs a few nanoseconds. */
export class Histogram {
  /** How many fell into each bucket, not cumulated; the last is for those above every bound. */
  readonly counts: number[];
  /** Of all of them, in seconds. */
  sum = 0;

  /** @param bounds upper bounds of the buckets in seconds, rising; a bound belongs to its bucket */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]!) bucket += 1;
    counts[bucket]! += 1;
    this.sum += seconds;
  }

  /**
   * At most so many seconds took the given share of them, as even as they may lie within a bucket. Above every bound it is the highest
   * bound, for no more is known; null when there is none.
   *
   * @param share of 1, e.g. 0.99
   */
  quantile(share: number): number | null {
    const { bounds, counts } = this;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return null;
    let below = 0;
    for (const [bucket, count] of counts.entries()) {
      if (count > 0 && below + count >= share * total) {
        const upper = bounds[bucket];
        if (upper === undefined) return bounds.at(-1)!;
        const lower = bounds[bucket - 1] ?? 0;
        return lower + ((upper - lower) * (share * total - below)) / count;
      }
      below += count;
    }
    return bounds.at(-1)!;
  }

  /** For what takes from a millisecond to the seconds that a client waits. */
  static ofWaiting(): Histogram {
    return new Histogram([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
  }
}
