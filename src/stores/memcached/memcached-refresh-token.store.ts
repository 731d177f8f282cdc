import { isUuid } from '../../kernel/is-uuid.js';
import {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '../../sessions/refresh-token.store.js';
import type { MemcachedConnection } from './memcached-connection.js';
import { lifeSecondsOf, refreshKey, sessionKey } from './memcached-keys.js';
import { type RefreshFamily, rotated, tokenOf, withToken, withUse } from './refresh-family.js';
import { fromJson, type SessionJson } from './session-json.js';

/** Refresh tokens in Memcached, all of a session in one value. If it is forgotten, its session cannot be refreshed any more. */
export class MemcachedRefreshTokenStore extends RefreshTokenStore {
  constructor(private readonly cache: MemcachedConnection) {
    super();
  }

  async insert(token: RefreshTokenRecord): Promise<void> {
    const { sessionId } = token;
    const session = isUuid(sessionId) ? await this.cache.get<SessionJson>(sessionKey(sessionId)) : null;
    if (!session) throw new Error('there is no such session');
    const lifeSeconds = lifeSecondsOf(fromJson(session.value));
    await this.cache.change<RefreshFamily, void>(refreshKey(sessionId), (held) => {
      const value = withToken(held ?? { lifeSeconds, tokens: {} }, token);
      return { write: { value, lifeSeconds }, result: undefined };
    });
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    if (!isUuid(rotation.sessionId)) return 'unknown';
    return this.cache.change<RefreshFamily, RotationOutcome>(refreshKey(rotation.sessionId), (held) => {
      if (!held) return { result: 'unknown' };
      const { outcome, family } = rotated(held, rotation);
      return { write: family && { value: family, lifeSeconds: family.lifeSeconds }, result: outcome };
    });
  }

  override async noteUses(issuedAt: ReadonlyMap<string, Date>): Promise<void> {
    for (const [sessionId, issued] of issuedAt) {
      if (!isUuid(sessionId)) continue;
      await this.cache.change<RefreshFamily, void>(refreshKey(sessionId), (held) => {
        const value = held && withUse(held, issued);
        return { write: value ? { value, lifeSeconds: value.lifeSeconds } : undefined, result: undefined };
      });
    }
  }

  async exists(sessionId: string, tokenHash: string): Promise<boolean> {
    if (!isUuid(sessionId)) return false;
    const held = await this.cache.get<RefreshFamily>(refreshKey(sessionId));
    return held !== null && tokenOf(held.value, tokenHash) !== undefined;
  }
}
