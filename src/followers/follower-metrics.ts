import { defineMetrics, type Metric, metricsOf } from '../kernel/metric.js';
import type { FollowerStreams } from './follower-streams.js';
import type { LookUps } from './look-ups.js';

export const followerMetricDescriptions = defineMetrics({
  coatcheck_followers: {
    kind: 'gauge',
    help: 'Processes of other services that follow revocations at this node, by whether revocations wait for them.',
    labels: ['mode'],
  },
  coatcheck_follower_lag_revocations: {
    kind: 'gauge',
    help: 'Revocations that the slowest follower of any node had not acknowledged when this node last looked; 0 while none follows here.',
  },
  coatcheck_follower_look_ups_total: {
    kind: 'counter',
    help: 'Tickets that other services had judged by this node.',
    labels: ['outcome'],
  },
});

export function followerMetrics(streams: FollowerStreams, { tally }: LookUps): Metric[] {
  return metricsOf(followerMetricDescriptions, {
    coatcheck_followers: () =>
      (['acknowledged', 'bounded'] as const).map((mode) => ({ labels: { mode }, value: streams.countIn(mode) })),
    coatcheck_follower_lag_revocations: () => streams.lag,
    coatcheck_follower_look_ups_total: () =>
      (['accepted', 'refused'] as const).map((outcome) => ({ labels: { outcome }, value: tally[outcome] })),
  });
}
