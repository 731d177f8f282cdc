import { createClient } from 'redis';
import type { Fleet, FleetNode } from '../harness/fleet.js';
import { lockTable } from '../harness/locked-table.js';
import { pause } from '../harness/pause.js';
import type { Lines, StoreProxy } from '../harness/store-proxy.js';
import { Crowd } from './crowd.js';
import { History, type Outage } from './history.js';
import { Revoker } from './revoker.js';
import { Traffic } from './traffic.js';

/** How much of everything. */
export interface Measure {
  readonly users: number;
  readonly ticketsEach: number;
  readonly connectionsPerNode: number;
  readonly pauseMilliseconds: number;
  /** Between two revocations of each of the four that revoke. */
  readonly revokerPauseMilliseconds: number;
}

/** One scenario under way: the fleet, who asks it, and what happens to it. */
export class Scene {
  readonly history = new History();
  readonly crowd = new Crowd();
  readonly traffic: Traffic;
  readonly revoker: Revoker;

  constructor(
    readonly fleet: Fleet,
    private readonly measure: Measure,
  ) {
    this.traffic = new Traffic(fleet, this.crowd, this.history, measure);
    this.revoker = new Revoker(fleet, this.crowd, this.history, this.traffic, measure.revokerPauseMilliseconds);
  }

  /** Lets clients go on, for so many times the length of a lease. */
  last(leases: number): Promise<void> {
    return pause(leases * this.fleet.settings.leaseSeconds * 1000);
  }

  /** New users. */
  welcome(): Promise<void> {
    return this.crowd.welcome(this.fleet, this.measure.users, this.measure.ticketsEach);
  }

  proxy(index: number): StoreProxy {
    return this.fleet.nodes[index]!.proxy;
  }

  /** While it lasts the node (null: all) may be out of reach, or its store, or its clock out of step. */
  async outOf(what: Outage['what'], index: number | null, work: (node?: FleetNode) => Promise<void>): Promise<void> {
    const outage = this.history.beginOutage(what, index);
    await work(index === null ? undefined : this.fleet.nodes[index]);
    outage.to = this.history.now();
  }

  /**
   * Stops the node and wakes it; what is sent to it meanwhile waits in its sockets. What it had asked the store before has run
   * out of time when it wakes, so it may say 503; nothing excuses another wrong answer.
   */
  asleep(index: number, leases: number): Promise<void> {
    return this.outOf('store', index, async (node) => {
      await this.fleet.signal(node!, 'SIGSTOP');
      await this.last(leases);
      await this.fleet.signal(node!, 'SIGCONT');
    });
  }

  async slow(lines: Lines, milliseconds: number): Promise<void> {
    for (const { proxy } of this.fleet.nodes.slice(0, -1)) proxy.slowDown(lines, milliseconds);
    await this.last(3);
    for (const { proxy } of this.fleet.nodes) proxy.mend();
  }

  /** What is lost is a logout: from now on no ticket that there is need be accepted, and what is acknowledged still holds. */
  mayEndEverything(): void {
    const tickets = this.crowd.tickets.map(({ id }) => id);
    this.history.beginRevocation({ by: 'loss of the store', kind: 'ended', tickets, user: -1 });
  }

  /** Nobody may read or write the table meanwhile. */
  locking(table: string, meanwhile: () => Promise<void>): Promise<void> {
    return lockTable(this.fleet.stores.databaseUrl, table, meanwhile);
  }

  async flushRedis(): Promise<void> {
    const client = createClient({ url: this.fleet.stores.redisUrl! });
    await client.connect();
    await client.flushAll();
    client.destroy();
  }
}
