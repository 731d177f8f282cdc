import { Injectable } from '@nestjs/common';
import { Storage } from '../../sessions/storage.js';
import { MemoryAtomicPrimitives } from './memory-atomic-primitives.js';
import { MemoryRefreshTokenStore } from './memory-refresh-token.store.js';
import { MemoryRevocationFeed } from './memory-revocation.feed.js';
import { MemorySessionStore } from './memory-session.store.js';

/** Sessions and refresh tokens in this process: gone at its end, unknown to any other, never cleaned up. For trying out. */
@Injectable()
export class MemoryStorage extends Storage {
  readonly name = 'memory';
  readonly feed = new MemoryRevocationFeed();
  readonly sessions = new MemorySessionStore(this.feed);
  readonly refreshTokens = new MemoryRefreshTokenStore();
  readonly atomics = new MemoryAtomicPrimitives();

  async ping(): Promise<void> {}
}
