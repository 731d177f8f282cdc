import { defineFigures, type Figure, figuresOf } from '../../kernel/figure.js';
import type { ApiKeyStrategy } from './api-key.strategy.js';

export const apiKeyFigureDescriptions = defineFigures({
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
export function apiKeyFigures({ tally }: ApiKeyStrategy): Figure[] {
  return figuresOf(apiKeyFigureDescriptions, {
    coatcheck_api_keys_judged_total: () => tally.judged,
    coatcheck_api_key_view_hits_total: () => tally.fromView,
  });
}
