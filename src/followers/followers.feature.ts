import type { Feature } from '../config/feature.js';
import { followerEvents } from './follower-events.js';
import { FollowerIds } from './follower-ids.js';
import { FollowerLeases } from './follower-leases.js';
import { FollowerLog } from './follower-log.js';
import { followerMetricDescriptions, followerMetrics } from './follower-metrics.js';
import { followerOptions } from './follower-options.js';
import { FollowerStreams } from './follower-streams.js';
import { FollowersController } from './followers.controller.js';
import { LookUpsController } from './look-ups.controller.js';
import { LookUps } from './look-ups.js';

/** What other services need to verify tickets themselves, and to hear when they end. */
export const followersFeature: Feature = {
  name: 'followers',
  options: followerOptions,
  events: followerEvents,
  metrics: {
    declared: followerMetricDescriptions,
    inject: [FollowerStreams, LookUps],
    useFactory: followerMetrics,
  },
  controllers: [LookUpsController, FollowersController],
  providers: [FollowerIds, FollowerStreams, FollowerLeases, FollowerLog, LookUps],
};
