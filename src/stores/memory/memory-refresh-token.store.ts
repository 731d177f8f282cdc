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
  /** By session id, the token that was not exchanged yet; gone once something of its pair was presented. */
  private readonly unanswered = new Map<string, string>();

  async insert(token: RefreshTokenRecord): Promise<void> {
    const key = keyOf(token.sessionId, token.tokenHash);
    if (this.tokens.has(key)) throw new Error('refresh token hash is taken');
    this.tokens.set(key, copyOf(token));
    this.unanswered.set(token.sessionId, key);
  }

  async rotate({ sessionId, tokenHash, successor, now, graceSeconds }: Rotation): Promise<RotationOutcome> {
    const presented = this.tokens.get(keyOf(sessionId, tokenHash));
    if (!presented) return 'unknown';
    const next = this.tokens.get(keyOf(sessionId, successor.tokenHash));
    if (presented.consumedAt !== null) {
      if (graceSeconds === 0 || next?.consumedAt !== null) return 'reused';
      const earlier = successor.createdAt < next.createdAt ? { ...next, createdAt: successor.createdAt } : next;
      if (Math.abs(now.getTime() - presented.consumedAt.getTime()) > graceSeconds * 1000)
        return this.lost(presented, earlier, now, successor.expiresAt);
      this.tokens.set(keyOf(sessionId, successor.tokenHash), earlier);
      return 'replayed';
    }
    if (presented.expiresAt <= now) return 'expired';
    if (next) throw new Error('refresh token hash is taken');
    this.tokens.set(keyOf(sessionId, tokenHash), copyOf({ ...presented, consumedAt: now }));
    this.tokens.set(keyOf(sessionId, successor.tokenHash), copyOf({ ...successor, sessionId, consumedAt: null }));
    this.unanswered.set(sessionId, keyOf(sessionId, successor.tokenHash));
    return 'rotated';
  }

  override async noteUses(issuedAt: ReadonlyMap<string, Date>): Promise<void> {
    for (const [sessionId, issued] of issuedAt) {
      const token = this.tokens.get(this.unanswered.get(sessionId) ?? '');
      if (token && wholeSeconds(token.createdAt) <= wholeSeconds(issued)) this.unanswered.delete(sessionId);
    }
  }

  async exists(sessionId: string, tokenHash: string): Promise<boolean> {
    return this.tokens.has(keyOf(sessionId, tokenHash));
  }

  private lost(
    presented: RefreshTokenRecord,
    successor: RefreshTokenRecord,
    now: Date,
    expiresAt: Date,
  ): RotationOutcome {
    const key = keyOf(successor.sessionId, successor.tokenHash);
    if (this.unanswered.get(successor.sessionId) !== key) return 'reused';
    if (successor.expiresAt <= now) return 'expired';
    const later = expiresAt > successor.expiresAt ? expiresAt : successor.expiresAt;
    this.tokens.set(keyOf(presented.sessionId, presented.tokenHash), copyOf({ ...presented, consumedAt: now }));
    this.tokens.set(key, copyOf({ ...successor, expiresAt: later }));
    return 'replayed';
  }
}

function wholeSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

function keyOf(sessionId: string, tokenHash: string): string {
  return `${sessionId}.${tokenHash}`;
}
