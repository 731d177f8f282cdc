import type { StoreKind } from '../harness/stores.js';
import { rushAfter } from './rush.js';
import type { Scene } from './scene.js';

/** A fault, and what it is tried on. */
export interface Scenario {
  readonly name: string;
  readonly stores: readonly StoreKind[];
  /** Also part of the short form, which every change must pass. */
  readonly isShort?: readonly StoreKind[];
  /** Every revocation must be acknowledged all the while. */
  readonly isCalm?: true;
  /** Makes the fault, lets it last while clients go on, and mends it. */
  run(scene: Scene): Promise<void>;
}

const BOTH = ['postgres', 'redis'] as const;
/** Of this node, where only one is troubled. */
const VICTIM = 0;

/** Every fault there is a promise for. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'no fault',
    stores: BOTH,
    isShort: ['postgres'],
    isCalm: true,
    run: (scene) => scene.last(2),
  },
  {
    name: 'a node is killed (SIGKILL) and started again',
    stores: BOTH,
    isShort: ['postgres'],
    run: (scene) =>
      scene.outOf('node', VICTIM, async (node) => {
        await scene.fleet.signal(node!, 'SIGKILL');
        await scene.last(1);
        await scene.fleet.boot(node!);
      }),
  },
  {
    name: 'a node is stopped (SIGSTOP), longer than its lease, and wakes',
    stores: BOTH,
    isShort: ['postgres'],
    run: (scene) => scene.asleep(VICTIM, 2),
  },
  {
    name: 'a node is stopped, shorter than its lease, and wakes, again and again',
    stores: BOTH,
    run: async (scene) => {
      for (let i = 0; i < 6; i += 1) {
        await scene.asleep(i % scene.fleet.nodes.length, 0.6);
        await scene.last(0.2);
      }
    },
  },
  ...(['stop', 'crash'] as const).map(
    (how): Scenario => ({
      name: `PostgreSQL is restarted (${how === 'stop' ? 'fast' : 'immediate'})`,
      stores: BOTH,
      isShort: how === 'stop' ? ['postgres'] : [],
      run: (scene) =>
        scene.outOf('store', null, async () => {
          await scene.fleet.stores.postgresDo(how);
          await scene.last(1);
          await scene.fleet.stores.postgresDo('start');
        }),
    }),
  ),
  {
    name: 'Redis is killed and comes back with its data',
    stores: ['redis'],
    isShort: ['redis'],
    run: (scene) =>
      scene.outOf('store', null, async () => {
        await scene.fleet.stores.killRedis();
        await scene.last(1);
        await scene.fleet.stores.startRedis({ empty: false });
      }),
  },
  {
    name: 'Redis is killed and comes back empty',
    stores: ['redis'],
    run: async (scene) => {
      await scene.outOf('store', null, async () => {
        scene.mayEndEverything();
        await scene.fleet.stores.killRedis();
        await scene.last(0.3);
        await scene.fleet.stores.startRedis({ empty: true });
      });
      await scene.last(2);
      await scene.welcome();
    },
  },
  {
    name: 'Redis is flushed',
    stores: ['redis'],
    isShort: ['redis'],
    run: async (scene) => {
      await rushAfter(scene, 100, () => {
        scene.mayEndEverything();
        return scene.flushRedis();
      });
      await scene.last(1);
      await scene.welcome();
    },
  },
  {
    name: "a node's listener is cut silently",
    stores: BOTH,
    isCalm: true,
    run: async (scene) => {
      scene.proxy(VICTIM).silence('listeners');
      await scene.last(3);
      scene.proxy(VICTIM).mend();
    },
  },
  {
    name: 'a node is cut off from the store silently',
    stores: BOTH,
    run: (scene) =>
      scene.outOf('store', VICTIM, async () => {
        scene.proxy(VICTIM).silence('all');
        await scene.last(4);
        scene.proxy(VICTIM).mend();
      }),
  },
  {
    name: 'notifications come late (0.5 s)',
    stores: BOTH,
    isCalm: true,
    run: (scene) => scene.slow('listeners', 500),
  },
  {
    name: 'a node sees its store slowly (0.3 s a reply)',
    stores: BOTH,
    isCalm: true,
    run: (scene) => scene.slow('all', 300),
  },
  {
    name: 'a table is locked (2 s)',
    stores: ['postgres'],
    run: (scene) =>
      scene.outOf('store', null, async () => {
        for (const table of ['sessions', 'users', 'revocations', 'revocation_head', 'node_leases']) {
          await scene.locking(table, () => scene.last(2 / 3));
        }
      }),
  },
  {
    name: 'clocks of nodes are minutes apart',
    stores: BOTH,
    run: async (scene) => {
      const restart = (...offsets: number[]) => scene.outOf('node', null, () => scene.fleet.setClocks(offsets));
      // For good: a token of the node ahead stays one of the future.
      scene.history.beginOutage('clock', null);
      await restart(0, 180, -180);
      await scene.last(3);
      await restart(0, 0, 0);
    },
  },
];
