import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { reservePort, wasTaken } from '../../ports.mjs';
import { Child } from './child.js';
import { HttpClient } from './http-connection.js';
import { StoreProxy } from './store-proxy.js';
import { type StoreKind, Stores } from './stores.js';

const MAIN = resolve(__dirname, '../../../dist/src/main.js');

/** One node: a process of its own, reached by HTTP, and its way to the store of sessions. */
export interface FleetNode {
  readonly index: number;
  readonly port: number;
  /** Where its figures are told; 0: nowhere. */
  readonly managementPort: number;
  readonly client: HttpClient;
  readonly proxy: StoreProxy;
  /** Not killed and not stopped. */
  isAwake: boolean;
}

/** What the nodes of a fleet share and what tells them apart. */
export interface FleetSettings {
  readonly size: number;
  readonly leaseSeconds: number;
  /** Whether the nodes tell their figures. */
  readonly isMeasured?: boolean;
  /** What every node is told besides. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Several real processes of the service on one store, each behind a proxy of its own, and an admin. */
export class Fleet {
  readonly nodes: FleetNode[] = [];
  private keeper!: Child;
  private actingAdmin!: Child;
  stores!: Stores;
  private shared: NodeJS.ProcessEnv = {};
  private readonly offsets: number[] = [];

  private constructor(readonly settings: FleetSettings) {}

  static async start(kind: StoreKind, settings: FleetSettings): Promise<Fleet> {
    const fleet = new Fleet(settings);
    try {
      await fleet.begin(kind);
      return fleet;
    } catch (error) {
      await fleet.end();
      throw error;
    }
  }

  /** Sends a signal to a node's process. */
  async signal(node: FleetNode, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): Promise<void> {
    node.isAwake = signal === 'SIGCONT';
    await this.keeper.ask({ do: 'signal', name: `node-${node.index}`, signal });
  }

  /** Starts the process of a node that was killed, at its old address. */
  async boot(node: FleetNode): Promise<void> {
    await this.keeper.ask({
      do: 'start',
      name: `node-${node.index}`,
      command: process.execPath,
      args: [MAIN],
      env: {
        ...this.shared,
        ...this.storesBy(await this.addressOf(node)),
        PORT: String(node.port),
        MANAGEMENT_PORT: String(node.managementPort),
        CLOCK_OFFSET_SECONDS: String(this.offsets[node.index] ?? 0),
      },
      ready: 'listens on',
    });
    node.isAwake = true;
  }

  /** Restarts every node, with its clock so many seconds off. */
  async setClocks(offsets: readonly number[]): Promise<void> {
    for (const { index } of this.nodes) this.offsets[index] = offsets[index] ?? 0;
    await this.restart();
  }

  /** Restarts every node with other settings. */
  async reconfigure(environment: NodeJS.ProcessEnv): Promise<void> {
    Object.assign(this.shared, environment);
    await this.restart();
  }

  /** Has the admin do something; resolves when it is done, and throws when it is not known to be. */
  operate<T>(order: object): Promise<T> {
    return this.actingAdmin.ask<T>(order);
  }

  async end(): Promise<void> {
    for (const { client, proxy } of this.nodes) {
      client.close();
      proxy.close();
    }
    await this.actingAdmin?.end();
    await this.keeper?.end();
    await this.stores?.end();
  }

  private readonly addresses = new Map<StoreProxy, string>();

  private async addressOf({ proxy }: FleetNode): Promise<string> {
    const known = this.addresses.get(proxy) ?? (await proxy.open());
    this.addresses.set(proxy, known);
    return known;
  }

  private async begin(kind: StoreKind): Promise<void> {
    this.keeper = await Child.start('keeper.mjs');
    this.stores = await Stores.start(kind, this.keeper);
    this.shared = {
      NODE_ENV: 'development',
      NODE_OPTIONS: '',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://fleet.localhost',
      SECRET_KEY: randomBytes(32).toString('base64url'),
      SESSION_STORE: kind,
      AUTH_STRATEGIES: 'session,jwt',
      NODE_LEASE_SECONDS: String(this.settings.leaseSeconds),
      DATABASE_URL: this.stores.databaseUrl,
      DATABASE_POOL_SIZE: '10',
      REDIS_URL: this.stores.redisUrl ?? '',
      MANAGEMENT_PORT: '0',
      LOG_LEVEL: 'log',
      ...this.settings.environment,
    };
    this.actingAdmin = await Child.start('admin-actor.mjs', [], this.shared);
    await this.actingAdmin.ask({ do: 'ready' });
    await Promise.all(Array.from({ length: this.settings.size }, (_, index) => this.add(index)));
  }

  /** Another node, at other ports when somebody has taken those chosen before it had them. */
  private async add(index: number): Promise<void> {
    const proxy = new StoreProxy(this.stores.url);
    for (;;) {
      const port = await reservePort();
      const managementPort = this.settings.isMeasured ? await reservePort() : 0;
      const node: FleetNode = { index, port, managementPort, proxy, client: new HttpClient(port), isAwake: false };
      this.nodes[index] = node;
      try {
        return await this.boot(node);
      } catch (error) {
        if (!wasTaken(String(error))) throw error;
      }
    }
  }

  private async restart(): Promise<void> {
    const again = async (node: FleetNode) => {
      await this.signal(node, 'SIGTERM');
      await this.boot(node);
    };
    await Promise.all(this.nodes.map(again));
  }

  private storesBy(address: string): NodeJS.ProcessEnv {
    return this.stores.kind === 'redis' ? { REDIS_URL: address } : { DATABASE_URL: address };
  }
}
