import { overStores } from '../flows/combinations.js';
import { Fleet } from '../flows/several-nodes.js';
import { storm } from './recheck-storm.js';

/** `test/lab/rechecks` has a thousand sessions. */
overStores((store) => {
  it('of re-checks at two nodes, with faults and deaths, none ends a session whose login stands, and each revoked one is ended', async () => {
    const fleet = await Fleet.start(2, {
      authStrategies: ['session'],
      sessionStore: store,
      sessionIdleSeconds: 30 * 86_400,
    });
    try {
      const report = await storm({ nodes: fleet.nodes, sessions: 24, rounds: 6, deaths: 2 });
      expect(report).toMatchObject({ wronglyEnded: [], late: [], left: 0, lost: 0 });
      expect(report.checks).toBeGreaterThan(100);
      expect(report.faults).toBeGreaterThan(0);
      expect(report.revoked).toBeGreaterThan(0);
      expect(report.deaths).toBeGreaterThan(0);
    } finally {
      await fleet.stop();
    }
  });
});
