import { Injectable } from '@nestjs/common';
import type { StrategyName } from '../kernel/auth-context.js';
import { defineMetrics, type Metric, type MetricValue, metricsOf } from '../kernel/metric.js';

/** How many requests were authenticated, by strategy. Counting costs a request a few nanoseconds. */
@Injectable()
export class RequestCounts {
  private readonly counts = new Map<StrategyName, { value: number }>();

  /** The counter to be raised by one for each request of this strategy. */
  counterOf(strategy: StrategyName): { value: number } {
    const counter = this.counts.get(strategy) ?? { value: 0 };
    this.counts.set(strategy, counter);
    return counter;
  }

  metricValues(): MetricValue<number>[] {
    return [...this.counts].map(([strategy, { value }]) => ({ labels: { strategy }, value }));
  }
}

export const requestCountMetricDescriptions = defineMetrics({
  coatcheck_requests_authenticated_total: {
    kind: 'counter',
    help: 'Requests and WebSocket messages whose ticket was accepted, by the strategy that authenticated them. Some are refused afterwards, e.g. for a missing role.',
    labels: ['strategy'],
  },
});

export function requestCountMetrics(counts: RequestCounts): Metric[] {
  return metricsOf(requestCountMetricDescriptions, {
    coatcheck_requests_authenticated_total: () => counts.metricValues(),
  });
}
