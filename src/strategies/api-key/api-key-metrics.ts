import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { ApiKeyStrategy } from './api-key.strategy.js';

export const apiKeyMetricDescriptions = defineMetrics({
  coatcheck_api_keys_judged_total: {
    kind: 'counter',
    help: 'Well-formed API keys that were checked: about one per request with a key.',
  },
  coatcheck_api_key_view_hits_total: {
    kind: 'counter',
    help: 'API keys that were checked with the view of this node, without asking a store.',
  },
});

/** The cost of requests with keys for the stores. */
export function apiKeyMetrics({ tally }: ApiKeyStrategy): Metric[] {
  return metricsOf(apiKeyMetricDescriptions, {
    coatcheck_api_keys_judged_total: () => tally.judged,
    coatcheck_api_key_view_hits_total: () => tally.fromView,
  });
}
