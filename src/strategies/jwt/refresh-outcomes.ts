import { Injectable } from '@nestjs/common';
import { OutcomeCounts } from '../../http/outcome-counts.js';
import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';

/** Results of refreshes: `refreshed`, or the code of the refusal. */
@Injectable()
export class RefreshOutcomes extends OutcomeCounts<unknown> {
  constructor() {
    super('refreshed', () => 'refreshed');
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
