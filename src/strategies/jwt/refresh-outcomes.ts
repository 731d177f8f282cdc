import { Injectable } from '@nestjs/common';
import { toAuthError } from '../../http/problem-details.filter.js';
import { defineMetrics, type Metric, type MetricValue, metricsOf } from '../../kernel/metric.js';

/** Results of refreshes: `refreshed`, or the code of the refusal. */
@Injectable()
export class RefreshOutcomes {
  private readonly counts = new Map<string, number>([['refreshed', 0]]);

  /** Counts the result of the refresh, and returns it. */
  async counted<T>(refresh: Promise<T>): Promise<T> {
    try {
      const result = await refresh;
      this.count('refreshed');
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

export const refreshMetricDescriptions = defineMetrics({
  coatcheck_refreshes_total: {
    kind: 'counter',
    help: 'Refreshes by outcome: `refreshed`, or the error code.',
    labels: ['outcome'],
  },
});

export function refreshMetrics(outcomes: RefreshOutcomes): Metric[] {
  return metricsOf(refreshMetricDescriptions, { coatcheck_refreshes_total: () => outcomes.metricValues() });
}
