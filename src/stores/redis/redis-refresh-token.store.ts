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

/**
 * Refresh tokens in one hash per session: `<hash>` -> `<expires> <consumed or 0>`, and `unanswered` -> the second in which the newest was
 * created, while nothing of its pair was presented. They go when the session goes.
 */
export class RedisRefreshTokenStore extends RefreshTokenStore {
  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async insert({ sessionId, tokenHash, createdAt, expiresAt }: RefreshTokenRecord): Promise<void> {
    if (!isUuid(sessionId)) throw new TypeError('session ids are UUIDs');
    await this.redis.run(INSERT, keysOf(sessionId), [tokenHash, expiresAt.getTime(), wholeSeconds(createdAt)]);
  }

  async rotate({ sessionId, tokenHash, successor, now, graceSeconds }: Rotation): Promise<RotationOutcome> {
    if (!isUuid(sessionId)) return 'unknown';
    const { tokenHash: next, createdAt, expiresAt } = successor;
    const values = [tokenHash, next, expiresAt.getTime(), now.getTime(), graceSeconds * 1000, wholeSeconds(createdAt)];
    return (await this.redis.run(ROTATE, keysOf(sessionId), values)) as RotationOutcome;
  }

  override async noteUses(issuedAt: ReadonlyMap<string, Date>): Promise<void> {
    const notes = [...issuedAt].filter(([sessionId]) => isUuid(sessionId));
    const noted = notes.map(([id, issued]) => this.redis.run(NOTE_USE, keysOf(id), [wholeSeconds(issued)]));
    await Promise.all(noted);
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

function wholeSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** KEYS tokens, session. ARGV hash, expires, second of creation. */
const INSERT = new LuaScript(
  'refresh_tokens.insert',
  `
  local life = redis.call('PTTL', KEYS[2])
  if life < 0 then return redis.error_reply('NOSESSION there is no such session') end
  if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2] .. ' 0') == 0 then
    return redis.error_reply('TAKEN refresh token hash is taken')
  end
  redis.call('HSET', KEYS[1], 'unanswered', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], life)
  return 1`,
);

/** KEYS tokens, session. ARGV second in which the access token was issued. */
const NOTE_USE = new LuaScript(
  'refresh_tokens.note_use',
  `
  local since = tonumber(redis.call('HGET', KEYS[1], 'unanswered') or '')
  if since and since <= tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], 'unanswered') end
  return 1`,
);

/** KEYS tokens, session. ARGV presented hash, successor's hash and expiry, now, grace in ms, successor's second of creation. */
const ROTATE = new LuaScript(
  'refresh_tokens.rotate',
  `
  local function consumedAt(token) return tonumber(string.match(token, '^%d+ (%d+)$')) end
  local presented = redis.call('HGET', KEYS[1], ARGV[1])
  if not presented then return 'unknown' end
  local successor = redis.call('HGET', KEYS[1], ARGV[2])
  local now, consumed = tonumber(ARGV[4]), consumedAt(presented)
  if not consumed then return redis.error_reply('DAMAGED unreadable_instant (refresh_token)') end
  if consumed > 0 then
    local grace = tonumber(ARGV[5])
    if grace == 0 or not successor or consumedAt(successor) ~= 0 then return 'reused' end
    local since = tonumber(redis.call('HGET', KEYS[1], 'unanswered') or '')
    local function setBack()
      if since and tonumber(ARGV[6]) < since then redis.call('HSET', KEYS[1], 'unanswered', ARGV[6]) end
    end
    if math.abs(now - consumed) <= grace then
      setBack()
      return 'replayed'
    end
    if not since then return 'reused' end
    local until_ = tonumber(string.match(successor, '^(%d+) '))
    if until_ <= now then return 'expired' end
    setBack()
    local expires = string.match(presented, '^(%d+) ')
    if tonumber(ARGV[3]) > until_ then redis.call('HSET', KEYS[1], ARGV[2], ARGV[3] .. ' 0') end
    redis.call('HSET', KEYS[1], ARGV[1], expires .. ' ' .. ARGV[4])
    return 'replayed'
  end
  local expires = string.match(presented, '^(%d+) ')
  if tonumber(expires) <= now then return 'expired' end
  if successor then return redis.error_reply('TAKEN refresh token hash is taken') end
  redis.call('HSET', KEYS[1], ARGV[1], expires .. ' ' .. ARGV[4], ARGV[2], ARGV[3] .. ' 0', 'unanswered', ARGV[6])
  local life = redis.call('PTTL', KEYS[2])
  if life > 0 then redis.call('PEXPIRE', KEYS[1], life) end
  return 'rotated'`,
);
