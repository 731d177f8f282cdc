import { LuaScript } from './lua-script.js';

/**
 * Enters a session into its user's index and answers the generation that it will belong to.
 * KEYS generation, index. ARGV session id, deadline, now, life in ms, a generation in case there is none.
 */
export const ENLIST = new LuaScript(`
  local generation = redis.call('HGET', KEYS[1], 'current')
  if not generation then
    generation = ARGV[5]
    redis.call('HSET', KEYS[1], 'current', generation)
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
  redis.call('HINCRBY', KEYS[1], 'enlisted', 1)
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ARGV[4]) then redis.call('PEXPIRE', key, ARGV[4]) end
  end
  return generation`);

/** KEYS session. ARGV fixed part, seen, idle, ended, reason, generation, user id, life in ms. An ended one keeps its end. */
export const INSERT = new LuaScript(`
  if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
  redis.call('HSET', KEYS[1], 'fixed', ARGV[1], 'seen', ARGV[2], 'idle', ARGV[3], 'generation', ARGV[6], 'user', ARGV[7])
  if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'ended', ARGV[4], 'reason', ARGV[5]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[8])
  return 1`);

/** KEYS session. ARGV seen, idle. */
export const TOUCH = new LuaScript(`
  local held = redis.call('HMGET', KEYS[1], 'seen', 'ended')
  if not held[1] or held[2] or tonumber(held[1]) >= tonumber(ARGV[1]) then return 0 end
  redis.call('HSET', KEYS[1], 'seen', ARGV[1], 'idle', ARGV[2])
  return 1`);

/** Answers the user's id to whoever ended it. KEYS session. ARGV ended, reason, the user it must belong to or ''. */
export const END = new LuaScript(`
  local held = redis.call('HMGET', KEYS[1], 'user', 'ended')
  if not held[1] or held[2] or (ARGV[3] ~= '' and ARGV[3] ~= held[1]) then return false end
  redis.call('HSET', KEYS[1], 'ended', ARGV[1], 'reason', ARGV[2])
  return held[1]`);

/**
 * Takes an ended session out of its user's index. `enlisted` may be too high, for what ran out by itself, and is never too low.
 * KEYS generation, index. ARGV session id.
 */
export const STRIKE = new LuaScript(`
  if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'enlisted', -1) end
  return 1`);

/**
 * Begins a new generation, to which no session belongs but the spared one, and answers the ids that were in the index.
 * From here on all others are over, whether they are in the index or not. Sparing never brings back what an earlier end of
 * all has ended: the spared one must be of the current generation, or be the one spared last.
 * KEYS generation, index. ARGV new generation, ended, reason, spared id or '', the generation of that one.
 */
export const BEGIN_GENERATION = new LuaScript(`
  if redis.call('EXISTS', KEYS[1], KEYS[2]) == 0 then return {} end
  local held = redis.call('HMGET', KEYS[1], 'current', 'spared')
  local spared = ''
  if ARGV[4] ~= '' and held[1] and (held[1] == ARGV[5] or held[2] == ARGV[4]) then spared = ARGV[4] end
  local ids = redis.call('ZRANGE', KEYS[2], 0, -1)
  local life = math.max(redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2]))
  redis.call('HSET', KEYS[1], 'current', ARGV[1], 'spared', spared, 'enlisted', spared == '' and 0 or 1,
    'ended', ARGV[2], 'reason', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], life)
  for i = #ids, 1, -1 do
    if ids[i] == spared then table.remove(ids, i) else redis.call('ZREM', KEYS[2], ids[i]) end
  end
  return ids`);
