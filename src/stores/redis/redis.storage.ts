import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { Storage } from '../../sessions/storage.js';
import { parseRedisUrl } from './redis-address.js';
import { RedisAtomicPrimitives } from './redis-atomic-primitives.js';
import { RedisConnection } from './redis-connection.js';
import { redisOptions } from './redis-options.js';
import { RedisRefreshTokenStore } from './redis-refresh-token.store.js';
import { RedisRevocationFeed } from './redis-revocation.feed.js';
import { RedisSessionStore } from './redis-session.store.js';

/** Sessions and refresh tokens in Redis or Valkey, one server or a cluster. */
@Injectable()
export class RedisStorage extends Storage implements OnApplicationShutdown {
  readonly name = 'redis';
  readonly sessions: RedisSessionStore;
  readonly refreshTokens: RedisRefreshTokenStore;
  readonly atomics: RedisAtomicPrimitives;
  readonly feed: RedisRevocationFeed;
  /** What all of them ask. */
  readonly connection: RedisConnection;

  constructor(options: Options) {
    super();
    const { redisUrl } = options.of(redisOptions);
    this.connection = new RedisConnection(redisUrl === undefined ? null : parseRedisUrl(redisUrl));
    this.feed = new RedisRevocationFeed(this.connection);
    this.sessions = new RedisSessionStore(this.connection, this.feed);
    this.refreshTokens = new RedisRefreshTokenStore(this.connection);
    this.atomics = new RedisAtomicPrimitives(this.connection);
  }

  override async open(): Promise<void> {
    await this.connection.open();
    await this.connection.warnOfEviction();
  }

  async ping(): Promise<void> {
    await this.connection.ping();
  }

  /** After the last request was answered: those in flight still need it. */
  onApplicationShutdown(): void {
    this.connection.close();
  }
}
