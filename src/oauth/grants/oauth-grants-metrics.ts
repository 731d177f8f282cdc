import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { OAuthGrants } from './oauth-grants.js';

export const oauthGrantsMetricDescriptions = defineMetrics({
  coatcheck_oauth_grants_judged_total: {
    kind: 'counter',
    help: 'Grants that were judged: about one per request with a token of a client.',
  },
  coatcheck_oauth_grant_view_hits_total: {
    kind: 'counter',
    help: 'Grants that were judged with the views of this node, without asking a store.',
  },
  coatcheck_oauth_grants_in_view: {
    kind: 'gauge',
    help: 'Grants that this node keeps in memory, at most OAUTH_VIEW_SIZE.',
  },
});

/** The cost of clients' tokens for the stores. */
export function oauthGrantsMetrics(grants: OAuthGrants): Metric[] {
  return metricsOf(oauthGrantsMetricDescriptions, {
    coatcheck_oauth_grants_judged_total: () => grants.tally.judged,
    coatcheck_oauth_grant_view_hits_total: () => grants.tally.fromView,
    coatcheck_oauth_grants_in_view: () => grants.inView,
  });
}
