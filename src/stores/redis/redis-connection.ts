import { Logger } from '@nestjs/common';
import type { LuaScript } from './lua-script.js';
import type { RedisAddress } from './redis-address.js';
import { openRedisClient, type RedisClient } from './redis-client.js';
import { type Hearer, listenToRedis } from './redis-listener.js';
import { asUnavailable, unavailable } from './unreachable-redis.js';

/** No request waits longer for an answer of Redis. */
const ANSWER_TIMEOUT_MS = 2_000;
/** How long a start waits for Redis before it goes on without. */
const PATIENCE_AT_START_MS = 2_000;
const REOPEN_AFTER_MS = 500;

/** The connection to Redis. Every call ends within seconds, and a cut connection heals by itself. */
export class RedisConnection {
  private readonly logger = new Logger('redis');
  private client: RedisClient | null = null;
  private isReachable: boolean | null = null;
  private isClosed = false;

  /** @param address null when none is configured: then it must never be opened */
  constructor(private readonly address: RedisAddress | null) {}

  /** Resolves when Redis has answered, or after a moment without. @throws ConfigurationError without the package */
  async open(): Promise<void> {
    await this.renew();
    const giveUpAt = performance.now() + PATIENCE_AT_START_MS;
    while (performance.now() < giveUpAt) {
      try {
        return await this.ping();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** An evicted session is unknown to the store and alive in the views. Says nothing where Redis does not tell. */
  async warnOfEviction(): Promise<void> {
    const memory = await this.ask('coatcheck:ready', ['INFO', 'memory']).catch(() => '');
    const policy = /maxmemory_policy:(\S+)/.exec(String(memory))?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.logger.warn(`maxmemory-policy is ${policy}, so Redis may silently delete sessions: set it to noeviction`);
  }

  /** Runs a script. The first key says where. @throws AuthError `unavailable` */
  async run(
    script: LuaScript,
    keys: readonly [string, ...string[]],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const operands = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await this.ask(keys[0], ['EVALSHA', script.sha, ...operands]);
    } catch (error) {
      // A server that restarted, or took over, has not seen it yet.
      if (!/^NOSCRIPT/.test((error as Error).message)) throw error;
      return this.ask(keys[0], ['EVAL', script.text, ...operands]);
    }
  }

  /** Sends a command about one key. @throws AuthError `unavailable` */
  async ask(key: string, command: string[]): Promise<unknown> {
    const { client: link } = this;
    if (!link) throw unavailable('not connected');
    let wasSent = false;
    const answer = link.send(key, command, () => {
      wasSent = true;
    });
    try {
      return await withinTime(answer);
    } catch (error) {
      // A connection that takes commands and says nothing would cost every further request the same wait.
      if (error === SILENCE && wasSent) this.reopen(link);
      if (!link.isAlive) this.reopen(link);
      throw asUnavailable(error);
    }
  }

  /** A write, because a replica or a full disk answers reads. @throws AuthError `unavailable` */
  async ping(): Promise<void> {
    await this.ask('coatcheck:ready', ['SET', 'coatcheck:ready', '1', 'PX', '60000']);
  }

  /** Listens on a connection of its own, at the node of `key`. Returns how to stop. @throws AuthError `unavailable` */
  async listen(key: string, channels: readonly string[], hearer: Hearer): Promise<() => void> {
    if (!this.address || !this.client) throw unavailable('not connected');
    try {
      return await listenToRedis(this.address, await this.client.nodeOf(key), channels, hearer);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  close(): void {
    this.isClosed = true;
    this.drop(this.client);
  }

  private reopen(client: RedisClient): void {
    if (this.client !== client) return;
    this.drop(client);
    this.renew().catch((error) => this.onTrouble(error));
  }

  private async renew(): Promise<void> {
    if (!this.address) throw new TypeError('redisUrl is missing');
    const link = await openRedisClient(this.address, {
      onTrouble: (error) => this.onTrouble(error),
      onReady: () => this.onReady(),
    });
    if (this.isClosed) return link.destroy();
    this.client = link;
    // A cluster of which no node answered gives up; a single server's client never does.
    if (!link.isAlive) setTimeout(() => this.reopen(link), REOPEN_AFTER_MS).unref();
  }

  private drop(client: RedisClient | null): void {
    this.client = null;
    if (client?.isAlive) client.destroy();
  }

  private onTrouble(error: unknown): void {
    if (this.isClosed || this.isReachable === false) return;
    this.isReachable = false;
    this.logger.error(`Redis cannot be reached: ${(error as Error).message}`);
  }

  private onReady(): void {
    if (this.isReachable === false) this.logger.log('Redis can be reached again');
    this.isReachable = true;
  }
}

const SILENCE = new Error('no answer in time');

function withinTime(answer: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // A process that was kept from running so long reads first what has come meanwhile: timers come before sockets.
    const timer = setTimeout(() => setImmediate(() => reject(SILENCE)), ANSWER_TIMEOUT_MS);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
