import { isUuid } from '../../kernel/is-uuid.js';
import {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '../../sessions/refresh-token.store.js';
import { LuaScript } from './lua-script.js';
import type { RedisConnection } from './redis-connection.js';
import { refreshKey, sessionKey } from './redis-keys.js';

/** Refresh tokens in one hash per session: `<hash>` -> `<expires> <consumed or 0>`. They go when the session goes. */
export class RedisRefreshTokenStore extends RefreshTokenStore {
  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async insert({ sessionId, tokenHash, expiresAt }: RefreshTokenRecord): Promise<void> {
    if (!isUuid(sessionId)) throw new TypeError('session ids are UUIDs');
    await this.redis.run(INSERT, keysOf(sessionId), [tokenHash, expiresAt.getTime()]);
  }

  async rotate({ sessionId, tokenHash, successor, now, graceSeconds }: Rotation): Promise<RotationOutcome> {
    if (!isUuid(sessionId)) return 'unknown';
    const values = [tokenHash, successor.tokenHash, successor.expiresAt.getTime(), now.getTime(), graceSeconds * 1000];
    return (await this.redis.run(ROTATE, keysOf(sessionId), values)) as RotationOutcome;
  }

  async exists(sessionId: string, tokenHash: string): Promise<boolean> {
    if (!isUuid(sessionId)) return false;
    const key = refreshKey(sessionId);
    return (await this.redis.ask(key, ['HEXISTS', key, tokenHash])) === 1;
  }
}

function keysOf(sessionId: string): [string, string] {
  return [refreshKey(sessionId), sessionKey(sessionId)];
}

/** KEYS tokens, session. ARGV hash, expires. */
const INSERT = new LuaScript(`
  local life = redis.call('PTTL', KEYS[2])
  if life < 0 then return redis.error_reply('NOSESSION there is no such session') end
  if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2] .. ' 0') == 0 then
    return redis.error_reply('TAKEN refresh token hash is taken')
  end
  redis.call('PEXPIRE', KEYS[1], life)
  return 1`);

/** KEYS tokens, session. ARGV presented hash, successor's hash and expiry, now, grace in ms. */
const ROTATE = new LuaScript(`
  local function consumedAt(token) return tonumber(string.match(token, '^%d+ (%d+)$')) end
  local presented = redis.call('HGET', KEYS[1], ARGV[1])
  if not presented then return 'unknown' end
  local successor = redis.call('HGET', KEYS[1], ARGV[2])
  local now, consumed = tonumber(ARGV[4]), consumedAt(presented)
  if not consumed then return redis.error_reply('DAMAGED unreadable_instant (refresh_token)') end
  if consumed > 0 then
    local grace = tonumber(ARGV[5])
    local unused = successor and consumedAt(successor) == 0
    if grace > 0 and math.abs(now - consumed) <= grace and unused then return 'replayed' end
    return 'reused'
  end
  local expires = string.match(presented, '^(%d+) ')
  if tonumber(expires) <= now then return 'expired' end
  if successor then return redis.error_reply('TAKEN refresh token hash is taken') end
  redis.call('HSET', KEYS[1], ARGV[1], expires .. ' ' .. ARGV[4], ARGV[2], ARGV[3] .. ' 0')
  local life = redis.call('PTTL', KEYS[2])
  if life > 0 then redis.call('PEXPIRE', KEYS[1], life) end
  return 'rotated'`);
