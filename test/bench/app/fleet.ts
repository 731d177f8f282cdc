// Many nodes in one process, so far as the feed and the leases are concerned: each has a lease, a heartbeat and a connection of its own to listen, as
// a process of the service has; no HTTP, no sessions. Settings in BENCH_FLEET.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../../src/database/open-data-source.js';
import { listenNever } from '../../../src/database/pooling.js';
import { Histogram } from '../../../src/kernel/histogram.js';
import { Acknowledgement } from '../../../src/revocation/acknowledgement.js';
import { Heartbeat } from '../../../src/revocation/heartbeat.js';
import { NodeLease } from '../../../src/revocation/node-lease.js';
import type { RevocationFeed } from '../../../src/revocation/revocation-feed.js';
import { Revocations } from '../../../src/revocation/revocations.js';
import { MachineSteadyClock } from '../../../src/revocation/steady-clock.js';
import { PostgresRevocationFeed } from '../../../src/stores/postgres/postgres-revocation.feed.js';
import { parseRedisUrl } from '../../../src/stores/redis/redis-address.js';
import { RedisConnection } from '../../../src/stores/redis/redis-connection.js';
import { RedisRevocationFeed } from '../../../src/stores/redis/redis-revocation.feed.js';
import { countStatements, statementsExecuted } from './statements.js';

/** How a process of a fleet is started. */
export interface FleetSettings {
  readonly nodes: number;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** As behind a pooler that swallows what is notified. */
  readonly polls?: boolean;
}

const LEASE_SECONDS = 3;
const STARTED_AT_ONCE = 8;
const settings = JSON.parse(process.env.BENCH_FLEET!) as FleetSettings;

interface Node {
  readonly feed: RevocationFeed;
  readonly lease: NodeLease;
  readonly revocations: Revocations;
}

const ORDERS: Record<string, (nodes: readonly Node[], argument: never) => unknown> = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  statements: () => statementsExecuted(),
  held: (nodes) => nodes.filter(({ lease }) => lease.isHeld()).length,
  revoke,
};

async function main(): Promise<void> {
  countStatements();
  const makeFeed = await feeds();
  const nodes: Node[] = [];
  for (let at = 0; at < settings.nodes; at += STARTED_AT_ONCE) {
    const count = Math.min(STARTED_AT_ONCE, settings.nodes - at);
    nodes.push(...(await Promise.all(Array.from({ length: count }, () => nodeOn(makeFeed())))));
  }
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, order, argument }: { id: number; order: string; argument: never }) => {
    try {
      process.send!({ id, result: await ORDERS[order]!(nodes, argument) });
    } catch (error) {
      process.send!({ id, failure: String(error) });
    }
  });
  const server = createServer().listen(0, '127.0.0.1', () => {
    process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
}

/** Its own connection for each node to listen; the pool, or the client of Redis, is everyone's. */
async function feeds(): Promise<() => RevocationFeed> {
  if (settings.redisUrl) {
    const connection = new RedisConnection(parseRedisUrl(settings.redisUrl));
    await connection.open();
    return () => new RedisRevocationFeed(connection);
  }
  const opening = { dataDir: '', poolSize: 8, entities: [], migrations: [], migrateOnStart: false };
  const dataSource: DataSource = await openDataSource({ ...opening, databaseUrl: settings.databaseUrl! });
  if (settings.polls) listenNever(dataSource);
  // Opened before anything is measured.
  await Promise.all(Array.from({ length: 8 }, () => dataSource.query('SELECT pg_sleep(0.1)')));
  return () => new PostgresRevocationFeed(dataSource);
}

async function nodeOn(feed: RevocationFeed): Promise<Node> {
  const lease = new NodeLease(feed, new MachineSteadyClock(), LEASE_SECONDS);
  const acknowledgement = new Acknowledgement(feed, lease);
  const heartbeat = new Heartbeat(feed, lease, acknowledgement, LEASE_SECONDS);
  const channel = { feed, lease, acknowledgement, heartbeat, waits: true, acknowledged: Histogram.ofWaiting() };
  await heartbeat.beat();
  return { feed, lease, revocations: new Revocations(channel) };
}

/**
 * So many revocations, each by the next node, `atOnce` under way all the time, or for so long at most. Milliseconds of each, from before it is
 * appended until no node answers from before it; NaN: it failed, as the store was out of reach or too slow.
 */
async function revoke(
  nodes: readonly Node[],
  { count, atOnce, seconds }: { count: number; atOnce: number; seconds: number },
): Promise<number[]> {
  const milliseconds: number[] = [];
  const until = performance.now() + seconds * 1000;
  let next = 0;
  const worker = async () => {
    while (next < count && performance.now() < until) {
      const { feed, revocations } = nodes[next++ % nodes.length]!;
      const announcements = [{ subject: `session:${randomUUID()}`, kind: 'ended' }] as const;
      const start = performance.now();
      try {
        await feed.append(announcements);
        await revocations.confirm(announcements);
        milliseconds.push(performance.now() - start);
      } catch {
        milliseconds.push(Number.NaN);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return milliseconds;
}

void main();
