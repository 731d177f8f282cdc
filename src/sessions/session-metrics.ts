import { defineMetrics, type Metric, metricsOf } from '../kernel/metric.js';
import type { SnapshotSource } from '../revocation/session-view.js';
import type { SessionResolver } from './session-resolver.js';
import { StoredSnapshots } from './session-snapshot.source.js';

export const sessionMetricDescriptions = defineMetrics({
  coatcheck_requests_resolved_total: {
    kind: 'counter',
    help: 'Tickets that were checked against their session: about one per authenticated request.',
  },
  coatcheck_view_hits_total: {
    kind: 'counter',
    help: 'Tickets that were checked with the view of this node, without asking a store.',
  },
  coatcheck_view_misses_total: {
    kind: 'counter',
    help: 'Tickets for which a store was asked, including those that waited for the answer to another one.',
  },
  coatcheck_session_store_calls_total: {
    kind: 'counter',
    help: 'Store calls that load a session and its user. Divided by coatcheck_requests_resolved_total, it gives the calls per request: 0 in steady state.',
  },
});

/** Metrics: what authenticated requests cost the stores. */
export function sessionMetrics({ tally }: SessionResolver, source: SnapshotSource): Metric[] {
  return metricsOf(sessionMetricDescriptions, {
    coatcheck_requests_resolved_total: () => tally.resolved,
    coatcheck_view_hits_total: () => tally.fromView,
    coatcheck_view_misses_total: () => tally.resolved - tally.fromView,
    // A source of the host's own counts, if at all, in its own way.
    coatcheck_session_store_calls_total: () => (source instanceof StoredSnapshots ? source.storeCalls : undefined),
  });
}
