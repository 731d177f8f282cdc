import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest, though these files are short: the rules stand elsewhere, or others have to be compiled first. */
const LONGEST = [
  'test/fixtures/hosts.spec.ts',
  'test/security/other-events.spec.ts',
  'test/security/mailbox-events.spec.ts',
  'test/flows/trunk.spec.ts',
  'test/flows/trunk-on-caches.spec.ts',
  'test/fixtures/whole-app.spec.ts',
  'test/fixtures/bare.spec.ts',
  'test/oauth/browser.spec.ts',
  'test/security/proofs-under-way.spec.ts',
  'test/security/bounds.spec.ts',
  'test/oauth/grant-races.spec.ts',
  'test/api/stop.spec.ts',
  'test/stores/session-store.spec.ts',
  'test/stores/atomic-primitives.spec.ts',
  'test/stores/revocation-feed.spec.ts',
];

/**
 * Jest begins with what took longest the last time; on a fresh clone, with the largest files. There a long file that looks short would run
 * last, and all cores but one would wait for it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path }) => {
      const rank = LONGEST.findIndex((file) => path.replaceAll('\\', '/').endsWith(`/${file}`));
      return rank < 0 ? LONGEST.length : rank;
    };
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
