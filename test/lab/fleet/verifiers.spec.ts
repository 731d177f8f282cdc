import { Fleet } from '../harness/fleet.js';
import { isLong, isWanted } from '../harness/form.js';
import { pause } from '../harness/pause.js';
import { type Violation, violationsIn } from './check-history.js';
import { Crowd } from './crowd.js';
import { History, type Outage } from './history.js';
import { Revoker } from './revoker.js';
import { Traffic } from './traffic.js';
import { Verifiers } from './verifiers.js';

/** What a starved machine does by itself. */
const OF_SPEED: ReadonlySet<string> = new Set([
  'unavailable while the store was there',
  'no answer from a healthy node',
]);

/** The short form has on Redis what is about the feed itself. */
const STORES = ['postgres', 'redis'] as const;
const leaseSeconds = isLong ? 3 : 1;
const VERIFIERS = 5;
const measure = isLong
  ? { users: 600, connectionsPerNode: 6, pauseMilliseconds: 10 }
  : { users: 120, connectionsPerNode: 3, pauseMilliseconds: 15 };
/** Of a service that was troubled, or whose node was: until its connections are there again. On a starved machine longer. */
const HEALING_MILLISECONDS = 15_000;

/** Five other services under load, and all that ends tickets, at three nodes. */
class Play {
  readonly history = new History();
  private readonly crowd = new Crowd('jwt');
  private readonly traffic: Traffic;
  private readonly revoker: Revoker;

  constructor(
    readonly fleet: Fleet,
    readonly verifiers: Verifiers,
  ) {
    this.traffic = new Traffic(fleet, this.crowd, this.history, measure, () => verifiers.services);
    this.revoker = new Revoker(fleet, this.crowd, this.history, this.traffic, 40);
  }

  last(leases: number): Promise<void> {
    return pause(leases * leaseSeconds * 1000);
  }

  /** While it lasts the service may say 503 (`store`), or nothing (`node`). */
  async outOf(what: Outage['what'], indexes: readonly number[], work: () => Promise<void>): Promise<void> {
    const outages = indexes.map((index) => this.history.beginOutage(what, index));
    await work();
    for (const outage of outages) outage.to = this.history.now();
  }

  /**
   * While it lasts every request may need a look-up, which has five seconds: on a starved machine some take longer, and are answered 503 in the short
   * form. Nobody is let in by it, and in the long form, on a machine of its own, it is a violation.
   */
  lookingUp(work: () => Promise<void>): Promise<void> {
    const indexes = isLong ? [] : this.verifiers.services.map(({ index }) => index);
    return this.outOf('store', indexes, work);
  }

  /** Of every service at this node. */
  at(node: number): number[] {
    return this.verifiers.services.filter((service) => service.node.index === node).map(({ index }) => index);
  }

  async run(fault: (play: Play) => Promise<void>): Promise<void> {
    await this.crowd.welcome(this.fleet, measure.users, 4);
    try {
      this.traffic.begin();
      this.revoker.begin();
      await this.last(1);
      await fault(this);
      await this.last(2);
    } finally {
      await this.revoker.end();
      await this.traffic.end();
    }
  }

  /** Broken promises. Late answers are only counted in the short form: there the machine may be starved, and is not what is judged. */
  get judged(): { readonly violations: readonly Violation[]; readonly late: number } {
    const found = violationsIn(this.history, HEALING_MILLISECONDS);
    const late = isLong ? [] : found.filter(({ rule }) => OF_SPEED.has(rule));
    return { violations: found.filter((violation) => !late.includes(violation)), late: late.length };
  }

  /** So many requests, acceptances, and revocations that were acknowledged. */
  get counts() {
    const { requests, revocations } = this.history;
    const acknowledged = revocations.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
    const took = acknowledged.map(({ startedAt, acknowledgedAt }) => acknowledgedAt! - startedAt).sort((a, b) => a - b);
    return {
      requests: requests.length,
      accepted: requests.filter(({ status }) => status === 200).length,
      unavailable: requests.filter(({ status }) => status === 503).length,
      unanswered: requests.filter(({ status }) => status === 0).length,
      refused: requests.filter(({ status }) => status === 401).length,
      acknowledged: acknowledged.length,
      p50: Math.round(took[Math.floor(took.length * 0.5)] ?? 0),
      p99: Math.round(took[Math.floor(took.length * 0.99)] ?? 0),
    };
  }
}

interface Fault {
  readonly name: string;
  /** Whether another feed may make a difference. */
  readonly isOfFeed?: true;
  readonly run: (play: Play) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  { name: 'nothing is wrong', isOfFeed: true, run: (play) => play.last(3) },
  {
    name: 'the streams of two of them are cut silently',
    isOfFeed: true,
    run: (play) =>
      play.lookingUp(async () => {
        for (const { proxy } of play.verifiers.services.slice(0, 2)) proxy.silence('listeners');
        await play.last(4);
        for (const { proxy } of play.verifiers.services) proxy.mend();
      }),
  },
  {
    name: 'one of them is cut off from the service silently',
    run: (play) => {
      const [service] = play.verifiers.services;
      return play.outOf('store', [service!.index], async () => {
        service!.proxy.silence('all');
        await play.last(4);
        service!.proxy.mend();
      });
    },
  },
  {
    name: 'revocations reach all of them late (0.3 s), and then all answers',
    run: (play) =>
      play.lookingUp(async () => {
        for (const lines of ['listeners', 'all'] as const) {
          for (const { proxy } of play.verifiers.services) proxy.slowDown(lines, 300);
          await play.last(3);
        }
        for (const { proxy } of play.verifiers.services) proxy.mend();
      }),
  },
  {
    name: 'the streams come later than a lease is long',
    run: (play) =>
      play.lookingUp(async () => {
        for (const { proxy } of play.verifiers.services.slice(1, 4)) proxy.slowDown('listeners', leaseSeconds * 1500);
        await play.last(5);
        for (const { proxy } of play.verifiers.services) proxy.mend();
      }),
  },
  {
    name: 'one of them is stopped (SIGSTOP), longer than its lease, and wakes',
    isOfFeed: true,
    run: (play) => {
      const [service] = play.verifiers.services;
      return play.outOf('store', [service!.index], async () => {
        await play.verifiers.signal(service!, 'SIGSTOP');
        await play.last(3);
        await play.verifiers.signal(service!, 'SIGCONT');
        await play.last(1);
      });
    },
  },
  {
    name: 'one of them is killed (SIGKILL), and started again',
    run: (play) => {
      const [service] = play.verifiers.services;
      return play.outOf('node', [service!.index], async () => {
        await play.verifiers.signal(service!, 'SIGKILL');
        await play.last(2);
        await play.verifiers.boot(service!);
      });
    },
  },
  {
    name: 'a node of the service is killed (SIGKILL), and started again',
    run: (play) =>
      play.outOf('store', play.at(1), async () => {
        await play.fleet.signal(play.fleet.nodes[1]!, 'SIGKILL');
        await play.last(2);
        await play.fleet.boot(play.fleet.nodes[1]!);
      }),
  },
  {
    name: 'a node of the service is stopped (SIGSTOP), longer than its lease, and wakes',
    run: (play) =>
      play.outOf('store', play.at(1), async () => {
        await play.fleet.signal(play.fleet.nodes[1]!, 'SIGSTOP');
        await play.last(3);
        await play.fleet.signal(play.fleet.nodes[1]!, 'SIGCONT');
        await play.last(1);
      }),
  },
];

describe.each(STORES)('five services that verify tickets, at three nodes on %s', (store) => {
  let fleet: Fleet;
  let verifiers: Verifiers;
  const rows: string[] = [];

  beforeAll(async () => {
    const environment = { AUTH_STRATEGIES: 'session,jwt,api-key', LOOK_UPS_PER_KEY: '1000000' };
    fleet = await Fleet.start(store, { size: 3, leaseSeconds, environment });
    verifiers = await Verifiers.start(fleet, VERIFIERS);
  });

  afterAll(async () => {
    await verifiers?.end();
    await fleet?.end();
    process.stdout.write(`\n${rows.join('\n')}\n`);
  });

  const played = FAULTS.filter(isWanted).filter(({ isOfFeed }) => isLong || store === 'postgres' || isOfFeed);

  it.each(played)('keep every promise when $name', async ({ name, run }) => {
    const play = new Play(fleet, verifiers);
    await play.run(run);
    const { counts, judged } = play;
    const { violations, late } = judged;
    rows.push(`${name}: ${JSON.stringify({ ...counts, late })}`);
    const told = violations.map(
      ({ rule, request, after }) => `${rule} (${request.node}, ${request.status} ${request.code}, after ${after})`,
    );
    expect([...new Set(told)]).toEqual([]);
    // Else it would prove nothing.
    expect(counts.accepted).toBeGreaterThan(100);
    expect(counts.acknowledged).toBeGreaterThan(5);
  });
});
