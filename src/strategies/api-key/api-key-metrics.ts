import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { ApiKeyStrategy } from './api-key.strategy.js';

export const apiKeyMetricDescriptions = defineMetrics({
  coatcheck_api_keys_judged_total: {
    kind: 'counter',
    help: 'Well-formed keys that were judged: about one for each request with a key.',
  },
  coatcheck_api_key_view_hits_total: {
    kind: 'counter',
    help: 'Of these, the ones judged from the view of this node, which asks no store.',
  },
});

/** What requests with keys cost the stores. */
export function apiKeyMetrics({ tally }: ApiKeyStrategy): Metric[] {
  return metricsOf(apiKeyMetricDescriptions, {
    coatcheck_api_keys_judged_total: () => tally.judged,
    coatcheck_api_key_view_hits_total: () => tally.fromView,
  });
}
