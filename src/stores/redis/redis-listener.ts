import type { RedisAddress } from './redis-address.js';
import { clientOptions, connectedInTime, importRedis } from './redis-client.js';

const PING_EVERY_MS = 1_000;

/** Callbacks of a listener. */
export interface Hearer {
  hear(channel: string): void;
  /** The connection was cut, or went silent; nothing is told any more. */
  onCut(): void;
}

/**
 * Listens on a connection of its own to one node.
 *
 * @param at where it is published: the others of a cluster pass it on, but tens of milliseconds later
 * @returns how to stop
 * @throws while the node is out of reach
 */
export async function listenToRedis(
  address: RedisAddress,
  at: { host: string; port: number },
  channels: readonly string[],
  { hear, onCut }: Hearer,
): Promise<() => void> {
  const { createClient } = await importRedis();
  const { socket, ...options } = clientOptions(address);
  // What was published in between would be missed: being cut must be known, not mended.
  const client = createClient({ ...options, socket: { ...socket, ...at, reconnectStrategy: false } });
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    if (isOver) return false;
    isOver = true;
    clearInterval(timer);
    if (client.isOpen) client.destroy();
    return true;
  };
  const cut = () => {
    if (end()) onCut();
  };
  client.on('error', () => timer && cut());
  // The slot has another node now, and so has what is published.
  client.on('sharded-channel-moved', cut);
  try {
    await connectedInTime(client.connect());
    const told = (_message: string, channel: string) => !isOver && hear(channel);
    // In the shard, as it is published; a server before version 7 has none, and publishes to everyone.
    const inShard = connectedInTime(client.sSubscribe([...channels], told));
    await inShard.catch((error: Error) => {
      if (!/^(ERR unknown command|NOPERM)/.test(error.message)) throw error;
      return connectedInTime(client.subscribe([...channels], told));
    });
  } catch (error) {
    end();
    throw error;
  }
  // Packets that are swallowed somewhere go unnoticed.
  timer = setInterval(() => connectedInTime(client.ping()).catch(cut), PING_EVERY_MS);
  timer.unref();
  return end;
}
