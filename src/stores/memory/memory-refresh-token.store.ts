import {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '../../sessions/refresh-token.store.js';
import { copyOf } from './copy-of.js';

/** Refresh tokens in this process. Each method does its work before its first wait, so each is atomic. */
export class MemoryRefreshTokenStore extends RefreshTokenStore {
  private readonly tokens = new Map<string, RefreshTokenRecord>();

  async insert(token: RefreshTokenRecord): Promise<void> {
    const key = keyOf(token.sessionId, token.tokenHash);
    if (this.tokens.has(key)) throw new Error('refresh token hash is taken');
    this.tokens.set(key, copyOf(token));
  }

  async rotate({ sessionId, tokenHash, successor, now, graceSeconds }: Rotation): Promise<RotationOutcome> {
    const presented = this.tokens.get(keyOf(sessionId, tokenHash));
    if (!presented) return 'unknown';
    const next = this.tokens.get(keyOf(sessionId, successor.tokenHash));
    if (presented.consumedAt !== null) {
      const withinGrace =
        graceSeconds > 0 && Math.abs(now.getTime() - presented.consumedAt.getTime()) <= graceSeconds * 1000;
      return withinGrace && next?.consumedAt === null ? 'replayed' : 'reused';
    }
    if (presented.expiresAt <= now) return 'expired';
    if (next) throw new Error('refresh token hash is taken');
    this.tokens.set(keyOf(sessionId, tokenHash), copyOf({ ...presented, consumedAt: now }));
    this.tokens.set(keyOf(sessionId, successor.tokenHash), copyOf({ ...successor, sessionId, consumedAt: null }));
    return 'rotated';
  }

  async exists(sessionId: string, tokenHash: string): Promise<boolean> {
    return this.tokens.has(keyOf(sessionId, tokenHash));
  }
}

function keyOf(sessionId: string, tokenHash: string): string {
  return `${sessionId}.${tokenHash}`;
}
