import type { Metric } from '../../kernel/metric.js';
import type { ApiKeyStrategy } from './api-key.strategy.js';

/** What requests with keys cost the stores. */
export function apiKeyMetrics({ tally }: ApiKeyStrategy): Metric[] {
  return [
    {
      kind: 'counter',
      name: 'coatcheck_api_keys_judged_total',
      help: 'Well-formed keys that were judged: about one for each request with a key.',
      readValue: () => tally.judged,
    },
    {
      kind: 'counter',
      name: 'coatcheck_api_key_view_hits_total',
      help: 'Of these, the ones judged from the view of this node, which asks no store.',
      readValue: () => tally.fromView,
    },
  ];
}
