import type { MetricValue } from '../kernel/metric.js';
import { toAuthError } from './problem-details.filter.js';

/** Counts how often something ended how: by a result, or by the code of a refusal. */
export class OutcomeCounts<T> {
  private readonly counts: Map<string, number>;

  /** @param success the outcome that is there from the beginning, with 0 */
  constructor(
    success: string,
    private readonly outcomeOf: (result: T) => string,
  ) {
    this.counts = new Map([[success, 0]]);
  }

  /** Counts how the work ends, and ends so. */
  async counted<R extends T>(work: Promise<R>): Promise<R> {
    try {
      const result = await work;
      this.count(this.outcomeOf(result));
      return result;
    } catch (error) {
      this.count(toAuthError(error).code);
      throw error;
    }
  }

  metricValues(): MetricValue<number>[] {
    return [...this.counts].map(([outcome, value]) => ({ labels: { outcome }, value }));
  }

  private count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
  }
}
