import type { Feature } from '../config/feature.js';
import { liveWords } from './live.words.js';
import { LiveFeed } from './live-feed.js';
import { LivePositions } from './live-positions.js';
import { LiveStreams } from './live-streams.js';

/** Pages that change while they are looked at. */
export const liveFeature: Feature = {
  name: 'live',
  words: liveWords,
  providers: [LiveFeed, LivePositions, LiveStreams],
};
