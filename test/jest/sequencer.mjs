import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest, though these files are short: the rules stand elsewhere, or others have to be compiled first. */
const LONGEST = [
  'test/lab/ship/image.spec.ts',
  'test/lab/model/model.spec.ts',
  'test/lab/fleet/verifiers.spec.ts',
  'test/lab/pages/every-page.spec.ts',
  'test/lab/events/security-events.spec.ts',
  'test/lab/upgrade/upgrade.spec.ts',
  'test/lab/faults/faults.spec.ts',
  'test/lab/fleet/fleet.spec.ts',
  'test/lab/pages/admin-browser.spec.ts',
  'test/lab/races/races.spec.ts',
  'test/lab/twins/twins.spec.ts',
  'test/lab/grants/ends-of-grants.spec.ts',
  'test/lab/fixtures/hosts.spec.ts',
  'test/lab/fixtures/whole-app.spec.ts',
  'test/lab/events/other-events.spec.ts',
  'test/lab/events/mailbox-events.spec.ts',
  'test/lab/nodes/admin-on-several-nodes.spec.ts',
  'test/lab/grants/grant-races.spec.ts',
  'test/lab/trunk/trunk-on-caches.spec.ts',
  'test/lab/rechecks/rechecks.spec.ts',
  'test/lab/suite/runner.spec.ts',
  'test/lab/lists/lists.spec.ts',
  'test/cli/cli.spec.ts',
  'test/mtls/mtls.spec.ts',
  'test/flows/access-matrix.spec.ts',
  'test/security/counting.spec.ts',
  'test/flows/trunk.spec.ts',
  'test/security/registration.spec.ts',
  'test/flows/key-rotation.spec.ts',
  'test/flows/api-key-limits.spec.ts',
  'test/verify/services.spec.ts',
  'test/security/admins-under-way.spec.ts',
  'test/hosts/own-routes.spec.ts',
  'test/flows/several-nodes.spec.ts',
  'test/flows/passkeys.spec.ts',
  'test/flows/every-path.spec.ts',
  'test/flows/limits.spec.ts',
  'test/oauth/client-files.spec.ts',
  'test/security/database-assumptions.spec.ts',
  'test/pages/account-sessions.spec.ts',
  'test/mtls/proxies.spec.ts',
  'test/security/proofs-under-way.spec.ts',
  'test/security/bounds.spec.ts',
  'test/stores/session-store.spec.ts',
  'test/stores/atomic-primitives.spec.ts',
  'test/stores/revocation-feed.spec.ts',
  'test/moving-in/by-command.spec.ts',
  'test/stores/refresh-token-store.spec.ts',
  'test/client/api-types.spec.ts',
];

/** These wait for leases to run out, for what is out of reach or for other processes, and compute next to nothing themselves. */
const WAITING = [
  'test/followers/python-follower.spec.ts',
  'test/followers/late-followers.spec.ts',
  'test/followers/protocol.spec.ts',
  'test/metrics/management-server.spec.ts',
  'src/factors/password/hash-process.spec.ts',
  'test/api/stop.spec.ts',
  'test/stores/unreachable-cache.spec.ts',
  'test/stores/many-leases.spec.ts',
  'test/security/safe-start.spec.ts',
  'test/cli/words.spec.ts',
  'test/docs/tour.spec.ts',
  'test/flows/store-outage.spec.ts',
  'test/flows/broken-nodes.spec.ts',
  'test/stores/swallowed-greeting.spec.ts',
  'test/flows/canary.spec.ts',
  'test/federation/upstream-outages.spec.ts',
  'test/oauth/oidc-agent.spec.ts',
  'test/stores/unreachable-database.spec.ts',
  'test/stores/stalled-process.spec.ts',
];

/** The place of a file in a list of names; as many as there are for one that is not in it. */
function rankIn(names, file) {
  const rank = names.findIndex((name) => file.replaceAll('\\', '/').endsWith(`/${name}`));
  return rank < 0 ? names.length : rank;
}

/** Whether a file waits most of its time, so that another can be run beside it. */
export function isWaiting({ path }) {
  return rankIn(WAITING, path) < WAITING.length;
}

/**
 * Jest begins with what took longest the last time; on a fresh clone, with the largest files. There a long file that looks short would run
 * last, and all cores but one would wait for it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path }) => rankIn([...WAITING, ...LONGEST], path);
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
