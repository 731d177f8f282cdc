import { Histogram } from '../kernel/histogram.js';
import { defineMetrics, type Metric, metricsOf } from '../kernel/metric.js';
import { LeasedSessionView } from './leased-session-view.js';
import type { NodeLease } from './node-lease.js';
import type { RevocationChannel } from './revocations.js';
import type { SessionView } from './session-view.js';
import type { SteadyClock } from './steady-clock.js';

export const revocationMetricDescriptions = defineMetrics({
  coatcheck_feed_lag_revocations: {
    kind: 'gauge',
    help: 'Revocations in the feed that this node has not applied yet.',
  },
  coatcheck_revocations_applied_total: {
    kind: 'counter',
    help: 'Revocations from the feed that this node has applied, including its own.',
  },
  coatcheck_lease_held: {
    kind: 'gauge',
    help: '1 while this node may answer from its view, 0 while every request asks the store.',
  },
  coatcheck_lookup_mode_seconds_total: {
    kind: 'counter',
    help: 'Total seconds in which every request had to ask the store, including the start.',
  },
  coatcheck_view_age_seconds: {
    kind: 'gauge',
    help: 'Seconds since the store last confirmed the lease of this node. In normal operation at most about a third of the lease.',
  },
  coatcheck_view_sessions: { kind: 'gauge', help: 'Sessions in the view of this node.' },
  coatcheck_acknowledgement_seconds: {
    kind: 'histogram',
    help: 'Time that revocations on this node waited until no node accepted the old ticket any more.',
  },
  coatcheck_acknowledgements_by_lease_total: {
    kind: 'counter',
    help: 'Revocations that waited until the lease of another node had expired, because that node did not acknowledge them.',
  },
});

/** Metrics of the lease, the lag of the feed, and how long revokers wait. */
export function revocationMetrics(
  channel: RevocationChannel | null,
  view: SessionView,
  clock: SteadyClock,
): readonly Metric[] {
  const startedAt = clock.milliseconds();
  // Without a feed, or with a view of no size, every request asks: for as long as the node runs.
  const lease = view instanceof LeasedSessionView ? channel?.lease : undefined;
  const acknowledged = channel?.acknowledged ?? Histogram.ofWaiting();
  return metricsOf(revocationMetricDescriptions, {
    coatcheck_feed_lag_revocations: () => channel?.lease.lag ?? 0,
    coatcheck_revocations_applied_total: () => channel?.lease.record.applied ?? 0,
    coatcheck_lease_held: () => (lease?.isHeld() ? 1 : 0),
    coatcheck_lookup_mode_seconds_total: () =>
      lease ? lookupSeconds(lease, clock) : (clock.milliseconds() - startedAt) / 1000,
    coatcheck_view_age_seconds: () => lease?.record.ageSeconds(clock.milliseconds()),
    coatcheck_view_sessions: () => (view instanceof LeasedSessionView ? view.size : 0),
    coatcheck_acknowledgement_seconds: () => acknowledged,
    coatcheck_acknowledgements_by_lease_total: () => channel?.acknowledgement.answeredByLease ?? 0,
  });
}

function lookupSeconds(lease: NodeLease, clock: SteadyClock): number {
  // That a lease ran out is noticed by asking for it.
  lease.isHeld();
  return lease.record.lookupSeconds(clock.milliseconds());
}
