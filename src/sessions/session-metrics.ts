import type { Metric } from '../kernel/metric.js';
import type { SnapshotSource } from '../revocation/session-view.js';
import type { SessionResolver } from './session-resolver.js';
import { StoredSnapshots } from './session-snapshot.source.js';

/** What authenticated requests cost the stores. */
export function sessionMetrics({ tally }: SessionResolver, source: SnapshotSource): Metric[] {
  return [
    {
      kind: 'counter',
      name: 'coatcheck_requests_resolved_total',
      help: 'Tickets judged against their session: about one for each authenticated request.',
      readValue: () => tally.resolved,
    },
    {
      kind: 'counter',
      name: 'coatcheck_view_hits_total',
      help: 'Of these, the ones judged from the view of this node, which asks no store.',
      readValue: () => tally.fromView,
    },
    {
      kind: 'counter',
      name: 'coatcheck_view_misses_total',
      help: 'Of these, the ones for which a store was asked, or that waited for such an answer.',
      readValue: () => tally.resolved - tally.fromView,
    },
    {
      kind: 'counter',
      name: 'coatcheck_session_store_calls_total',
      help: 'Calls to stores to learn of a session and its user. Divided by the requests resolved: calls a request, 0 in steady state.',
      // A source of the host's own counts, if at all, in its own way.
      readValue: () => (source instanceof StoredSnapshots ? source.storeCalls : undefined),
    },
  ];
}
