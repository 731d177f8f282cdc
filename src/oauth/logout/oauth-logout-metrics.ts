import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { LogoutNotices } from './logout-notices.js';

export const oauthLogoutMetricDescriptions = defineMetrics({
  coatcheck_oauth_logout_told_seconds: {
    kind: 'histogram',
    help: 'Time from the end of a session to the answer of a client that was told of it.',
  },
  coatcheck_oauth_logout_notices_total: {
    kind: 'counter',
    help: 'Tries to tell a client of the end of a session, by outcome; given_up counts those that were the last.',
    labels: ['outcome'],
  },
});

/** How soon clients learn of the end of sessions. */
export function oauthLogoutMetrics({ lag, tally }: LogoutNotices): Metric[] {
  return metricsOf(oauthLogoutMetricDescriptions, {
    coatcheck_oauth_logout_told_seconds: () => lag,
    coatcheck_oauth_logout_notices_total: () => [
      { labels: { outcome: 'told' }, value: tally.told },
      { labels: { outcome: 'failed' }, value: tally.failed },
      { labels: { outcome: 'given_up' }, value: tally.givenUp },
    ],
  });
}
