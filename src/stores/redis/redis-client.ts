import calculateSlot from 'cluster-key-slot';
import type { RedisClientOptions } from 'redis';
import { ConfigurationError } from '../../config/configuration-error.js';
import { inTime } from '../../kernel/in-time.js';
import type { RedisAddress } from './redis-address.js';

/** One client of the package `redis`, to one server or to a cluster. */
export interface RedisClient {
  /** Sends a command to where `key` lives. `sent` is called once it is on its way over a connection that stands. */
  send(key: string, command: string[], sent: () => void): Promise<unknown>;
  /** The node where `key` lives. */
  nodeOf(key: string): Promise<{ host: string; port: number }>;
  /** Whether it will find a way back by itself. */
  readonly isAlive: boolean;
  destroy(): void;
}

/** Callbacks of a client while it is open. */
export interface ClientListener {
  onTrouble(error: unknown): void;
  onReady(): void;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A connection on which nothing moves for so long is cut; `PING_EVERY_MS` keeps a good one moving. */
const STILLNESS_MS = 4_000;
const PING_EVERY_MS = 1_000;
const LONGEST_RETRY_MS = 500;
/** Between two looks for who has the keys of a master out of reach. */
const LOOK_ANEW_MS = 1_000;
/** Beyond it Redis is too slow to catch up, and every further request would only wait in vain. */
const LONGEST_QUEUE = 10_000;

/**
 * Begins to connect. Resolves when the link may be used; a single server may still be out of reach then.
 *
 * @throws ConfigurationError when the package is not installed
 */
export async function openRedisClient(address: RedisAddress, listener: ClientListener): Promise<RedisClient> {
  const redis = await importRedis();
  return address.isCluster ? openCluster(redis, address, listener) : openServer(redis, address, listener);
}

/** @throws ConfigurationError when the package is not installed */
export async function importRedis(): Promise<typeof import('redis')> {
  try {
    return await import('redis');
  } catch {
    const remedy = 'npm install redis@6';
    throw new ConfigurationError([{ option: 'sessionStore', problem: 'requires the package redis', remedy }]);
  }
}

async function openServer(
  { createClient }: typeof import('redis'),
  address: RedisAddress,
  listener: ClientListener,
): Promise<RedisClient> {
  const { host, port } = address.nodes[0]!;
  const options = clientOptions(address);
  const client = createClient({
    ...options,
    database: address.database,
    pingInterval: PING_EVERY_MS,
    socket: { ...options.socket, host, port },
  });
  client.on('error', (error) => listener.onTrouble(error));
  client.on('ready', () => listener.onReady());
  // It tries for ever; what must not wait for ever is the start of the application.
  client.connect().catch((error) => listener.onTrouble(error));
  return {
    send: (_key, command, sent) => {
      if (client.isReady) sent();
      return client.sendCommand(command);
    },
    nodeOf: async () => ({ host, port }),
    get isAlive() {
      return client.isOpen;
    },
    destroy: () => client.destroy(),
  };
}

async function openCluster(
  { createCluster }: typeof import('redis'),
  address: RedisAddress,
  listener: ClientListener,
): Promise<RedisClient> {
  const defaults = { ...clientOptions(address), pingInterval: PING_EVERY_MS };
  const cluster = createCluster({
    rootNodes: address.nodes.map(({ host, port }) => ({ ...defaults, socket: { ...defaults.socket, host, port } })),
    defaults,
    // Otherwise one master out of reach would keep those from starting who need the others.
    minimizeConnections: true,
  });
  const outOfReach = new Set<string>();
  cluster.on('error', (error) => listener.onTrouble(error));
  cluster.on('node-error', (error, node: RedisNode) => {
    outOfReach.add(addressOf(node));
    listener.onTrouble(error);
  });
  cluster.on('node-ready', (node: RedisNode) => {
    outOfReach.delete(addressOf(node));
    listener.onReady();
  });
  const isWaitedForInVain = (key: string) => {
    const master = outOfReach.size > 0 && cluster.slots[calculateSlot(key)]?.master;
    return master && master.connectPromise !== undefined && outOfReach.has(addressOf(master));
  };
  const forgetThoseGone = () => {
    const masters = new Set(cluster.masters.map(addressOf));
    for (const address of outOfReach) if (!masters.has(address)) outOfReach.delete(address);
    // No node says so: those that have the keys now were ready before.
    if (outOfReach.size === 0) listener.onReady();
  };
  let lookedAnewAt = performance.now();
  // The client itself looks only while it reconnects to a node that it has reached before: of any other it would never learn that a replica
  // was promoted in its place.
  const lookAnew = () => {
    const now = performance.now();
    if (now - lookedAnewAt < LOOK_ANEW_MS) return;
    lookedAnewAt = now;
    cluster._slots.rediscover(undefined, outOfReach).then(forgetThoseGone, (error) => listener.onTrouble(error));
  };
  const assertInReach = (key: string) => {
    if (!isWaitedForInVain(key)) return;
    lookAnew();
    throw new Error('the node of this key is out of reach');
  };
  try {
    await connectedInTime(cluster.connect());
    // Not waited for: so that later, a master out of reach is known to be, and costs no caller the time to find out.
    for (const master of cluster.masters) cluster.nodeClient(master).catch((error) => listener.onTrouble(error));
  } catch (error) {
    listener.onTrouble(error);
    if (cluster.isOpen) cluster.destroy();
  }
  return {
    send: async (key, command, sent) => {
      // The client retries for ever to reach a node that it has never reached, and whoever asks would wait with it.
      assertInReach(key);
      const node = await cluster.getNodeClientForKey(key, false);
      if (node.isReady) sent();
      return cluster.sendCommand(key, false, command);
    },
    nodeOf: async (key) => {
      assertInReach(key);
      const node = await connectedInTime(cluster.getNodeClientForKey(key, false));
      const { host, port } = node.options.socket as { host: string; port: number };
      return { host, port };
    },
    get isAlive() {
      return cluster.isOpen;
    },
    destroy: () => cluster.destroy(),
  };
}

type RedisNode = { host: string; port: number };
const addressOf = ({ host, port }: RedisNode) => `${host}:${port}`;

/** A server that accepts and says nothing would be waited for for ever. */
export function connectedInTime<T>(connecting: Promise<T>): Promise<T> {
  return inTime(connecting, CONNECT_TIMEOUT_MS);
}

/** The options that all connections share. */
export function clientOptions({ username, password, isEncrypted }: RedisAddress) {
  const options = {
    username,
    password,
    commandsQueueMaxLength: LONGEST_QUEUE,
    // A command that waited out an outage would be answered long after its request was.
    disableOfflineQueue: true,
    // The connection has a limit of its own; one more signal for each command would cost as much as the command.
    commandOptions: { timeout: 0 },
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Also while it greets: a greeting that was swallowed on the way would be waited for for ever.
      socketTimeout: STILLNESS_MS,
      reconnectStrategy: (retries: number) => Math.min(LONGEST_RETRY_MS, 25 * 2 ** retries),
      ...(isEncrypted ? { tls: true as const } : {}),
    },
  };
  return options satisfies RedisClientOptions;
}
