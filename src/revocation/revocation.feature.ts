import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { Histogram } from '../kernel/histogram.js';
import { Acknowledgement } from './acknowledgement.js';
import { CredentialViews } from './credential-view.js';
import { Heartbeat } from './heartbeat.js';
import { LeasedSessionView } from './leased-session-view.js';
import { LookupSessionView } from './lookup-session-view.js';
import { NodeLease } from './node-lease.js';
import { RevocationFeed } from './revocation-feed.js';
import { revocationMetricDescriptions, revocationMetrics } from './revocation-metrics.js';
import { revocationOptions } from './revocation-options.js';
import { RevocationRelay } from './revocation-relay.js';
import { RevocationWatch } from './revocation-watch.js';
import { type RevocationChannel, Revocations } from './revocations.js';
import { SessionView, SnapshotSource } from './session-view.js';
import { MachineSteadyClock, SteadyClock } from './steady-clock.js';

/** DI token of the `RevocationChannel`; null without a feed. */
const CHANNEL = Symbol('coatcheck.revocationChannel');

/** Keeps this node's view true. The sessions feature provides the feed and the snapshots. */
export const revocationFeature: Feature = {
  name: 'revocation',
  options: revocationOptions,
  metrics: {
    declared: revocationMetricDescriptions,
    inject: [CHANNEL, SessionView, SteadyClock],
    useFactory: revocationMetrics,
  },
  providers: [
    { provide: SteadyClock, useFactory: () => new MachineSteadyClock() },
    { provide: CHANNEL, inject: [RevocationFeed, SteadyClock, Options], useFactory: channelOf },
    {
      provide: Revocations,
      inject: [CHANNEL],
      useFactory: (channel: RevocationChannel | null) => new Revocations(channel),
    },
    { provide: SessionView, inject: [SnapshotSource, CHANNEL, SteadyClock, Options], useFactory: viewOf },
    {
      // A host's own stores may announce nothing.
      provide: RevocationWatch,
      inject: [CHANNEL, SnapshotSource],
      useFactory: (channel: RevocationChannel | null, source: SnapshotSource) =>
        new RevocationWatch(source.isAnnounced ? (channel?.lease ?? null) : null),
    },
    {
      // As for the watch: who is handed less than everything would go on with what is over.
      provide: RevocationRelay,
      inject: [CHANNEL, SnapshotSource, Options],
      useFactory: (channel: RevocationChannel | null, source: SnapshotSource, options: Options) =>
        new RevocationRelay(source.isAnnounced ? channel : null, options.of(revocationOptions).nodeLeaseSeconds),
    },
    {
      provide: CredentialViews,
      inject: [CHANNEL, SteadyClock],
      useFactory: (channel: RevocationChannel | null, clock: SteadyClock) =>
        new CredentialViews(channel?.lease ?? null, clock),
    },
    {
      // A provider of its own, so that Nest starts and stops it; null without a feed.
      provide: Heartbeat,
      inject: [CHANNEL],
      useFactory: (channel: RevocationChannel | null) => channel?.heartbeat ?? null,
    },
  ],
};

function channelOf(feed: RevocationFeed | null, clock: SteadyClock, options: Options): RevocationChannel | null {
  if (!feed) return null;
  const { nodeLeaseSeconds, revocationGuarantee } = options.of(revocationOptions);
  const lease = new NodeLease(feed, clock, nodeLeaseSeconds);
  const acknowledgement = new Acknowledgement(feed, lease);
  const heartbeat = new Heartbeat(feed, lease, acknowledgement, nodeLeaseSeconds);
  const waits = revocationGuarantee === 'acknowledged';
  return { feed, lease, acknowledgement, heartbeat, waits, acknowledged: Histogram.ofWaiting() };
}

function viewOf(
  source: SnapshotSource,
  channel: RevocationChannel | null,
  clock: SteadyClock,
  options: Options,
): SessionView {
  const { sessionViewSize } = options.of(revocationOptions);
  if (!channel || !source.isAnnounced || sessionViewSize === 0) return new LookupSessionView(source);
  const view = new LeasedSessionView(source, channel.lease, clock, sessionViewSize);
  channel.lease.follow(view);
  return view;
}
