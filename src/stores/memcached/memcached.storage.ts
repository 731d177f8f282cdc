import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { Storage } from '../../sessions/storage.js';
import { parseMemcachedUrl } from './memcached-address.js';
import { MemcachedAtomicPrimitives } from './memcached-atomic-primitives.js';
import { MemcachedConnection } from './memcached-connection.js';
import { memcachedOptions } from './memcached-options.js';
import { MemcachedRefreshTokenStore } from './memcached-refresh-token.store.js';
import { MemcachedSessionStore } from './memcached-session.store.js';

/** Sessions and refresh tokens in Memcached: a cache, so whatever it forgets is a logout. */
@Injectable()
export class MemcachedStorage extends Storage implements OnApplicationShutdown {
  readonly name = 'memcached';
  override readonly isDurable = false;
  /** It cannot push: every request asks the store. */
  readonly feed = null;
  readonly sessions: MemcachedSessionStore;
  readonly refreshTokens: MemcachedRefreshTokenStore;
  readonly atomics: MemcachedAtomicPrimitives;
  /** What all of them ask. */
  readonly connection: MemcachedConnection;

  constructor(options: Options) {
    super();
    const { memcachedUrl } = options.of(memcachedOptions);
    this.connection = new MemcachedConnection(memcachedUrl === undefined ? null : parseMemcachedUrl(memcachedUrl));
    this.sessions = new MemcachedSessionStore(this.connection);
    this.refreshTokens = new MemcachedRefreshTokenStore(this.connection);
    this.atomics = new MemcachedAtomicPrimitives(this.connection);
  }

  override async open(): Promise<void> {
    await this.connection.open();
  }

  async ping(): Promise<void> {
    await this.connection.ping();
  }

  /** After the last request was answered: those in flight still need it. */
  onApplicationShutdown(): void {
    this.connection.close();
  }
}
