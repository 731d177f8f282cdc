import { Histogram } from '../kernel/histogram.js';
import type { Metric } from '../kernel/metric.js';
import { LeasedSessionView } from './leased-session-view.js';
import type { NodeLease } from './node-lease.js';
import type { RevocationChannel } from './revocations.js';
import type { SessionView } from './session-view.js';
import type { SteadyClock } from './steady-clock.js';

/** Whether this node knows what it answers from, how late, and how long revokers wait. */
export function revocationMetrics(
  channel: RevocationChannel | null,
  view: SessionView,
  clock: SteadyClock,
): readonly Metric[] {
  const startedAt = clock.milliseconds();
  // Without a feed, or with a view of no size, every request asks: for as long as the node runs.
  const lease = view instanceof LeasedSessionView ? channel?.lease : undefined;
  const acknowledged = channel?.acknowledged ?? Histogram.ofWaiting();
  return [
    {
      kind: 'gauge',
      name: 'coatcheck_feed_lag_revocations',
      help: 'Revocations that the feed is known to have and that this node has not applied yet.',
      readValue: () => channel?.lease.lag ?? 0,
    },
    {
      kind: 'counter',
      name: 'coatcheck_revocations_applied_total',
      help: 'Revocations that the feed brought to this node, its own included.',
      readValue: () => channel?.lease.record.applied ?? 0,
    },
    {
      kind: 'gauge',
      name: 'coatcheck_lease_held',
      help: '1 while this node may answer from its view, 0 while every request asks the store.',
      readValue: () => (lease?.isHeld() ? 1 : 0),
    },
    {
      kind: 'counter',
      name: 'coatcheck_lookup_mode_seconds_total',
      help: 'Seconds in which every request had to ask the store, the start included.',
      readValue: () => (lease ? lookupSeconds(lease, clock) : (clock.milliseconds() - startedAt) / 1000),
    },
    {
      kind: 'gauge',
      name: 'coatcheck_view_age_seconds',
      help: 'Seconds since the store last confirmed this node: about a third of the lease at most, while all is well.',
      readValue: () => lease?.record.ageSeconds(clock.milliseconds()),
    },
    {
      kind: 'gauge',
      name: 'coatcheck_view_sessions',
      help: 'Sessions in the view of this node.',
      readValue: () => (view instanceof LeasedSessionView ? view.size : 0),
    },
    {
      kind: 'histogram',
      name: 'coatcheck_acknowledgement_seconds',
      help: 'How long revokers on this node waited until no node accepted the old ticket any more.',
      readValue: () => acknowledged,
    },
  ];
}

function lookupSeconds(lease: NodeLease, clock: SteadyClock): number {
  // That a lease ran out is noticed by asking for it.
  lease.isHeld();
  return lease.record.lookupSeconds(clock.milliseconds());
}
