import { LuaScript } from './lua-script.js';

/**
 * Enters a session into its user's index; answers the mark of the index, which it is to bear, and its number: whatever the clocks say, a later one has a higher number. KEYS mark, index. ARGV session id, start, life in ms, a mark in case there is none.
 */
export const ADD_SESSION = new LuaScript(
  'sessions.add_to_index',
  `
  local mark = redis.call('HGET', KEYS[1], 'mark')
  if not mark then
    mark = ARGV[4]
    redis.call('HSET', KEYS[1], 'mark', mark)
  end
  local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ARGV[3]) then redis.call('PEXPIRE', key, ARGV[3]) end
  end
  return {mark, number}`,
);

/** KEYS session. ARGV fixed part, seen, idle, ended, reason, mark of the index, user id, life in ms, number, claims, their revision, metadata. An ended one keeps its end. */
export const INSERT = new LuaScript(
  'sessions.insert',
  `
  if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
  redis.call('HSET', KEYS[1], 'fixed', ARGV[1], 'seen', ARGV[2], 'idle', ARGV[3], 'mark', ARGV[6], 'user', ARGV[7],
    'number', ARGV[9])
  if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'ended', ARGV[4], 'reason', ARGV[5]) end
  if ARGV[11] ~= '' then redis.call('HSET', KEYS[1], 'claims', ARGV[10], 'revision', ARGV[11]) end
  if ARGV[12] ~= '' then redis.call('HSET', KEYS[1], 'metadata', ARGV[12]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[8])
  return 1`,
);

/** KEYS session. ARGV seen, idle. */
export const TOUCH = new LuaScript(
  'sessions.touch',
  `
  local held = redis.call('HMGET', KEYS[1], 'seen', 'ended')
  if not held[1] or held[2] or tonumber(held[1]) >= tonumber(ARGV[1]) then return 0 end
  redis.call('HSET', KEYS[1], 'seen', ARGV[1], 'idle', ARGV[2])
  return 1`,
);

/** Answers the user's id to the caller that ended it. KEYS session. ARGV ended, reason. */
export const END = new LuaScript(
  'sessions.end',
  `
  local held = redis.call('HMGET', KEYS[1], 'user', 'ended')
  if not held[1] or held[2] then return false end
  redis.call('HSET', KEYS[1], 'ended', ARGV[1], 'reason', ARGV[2])
  return held[1]`,
);

/** Of several writers of one revision the first stays. KEYS session. ARGV claims, their revision. */
export const WRITE_CLAIMS = new LuaScript(
  'sessions.write_claims',
  `
  local held = redis.call('HMGET', KEYS[1], 'user', 'ended', 'revision')
  if not held[1] or held[2] or (held[3] and tonumber(held[3]) >= tonumber(ARGV[2])) then return 0 end
  redis.call('HSET', KEYS[1], 'claims', ARGV[1], 'revision', ARGV[2])
  return 1`,
);

/** KEYS session. ARGV metadata. */
export const WRITE_METADATA = new LuaScript(
  'sessions.write_metadata',
  `
  local held = redis.call('HMGET', KEYS[1], 'user', 'ended')
  if not held[1] or held[2] then return 0 end
  redis.call('HSET', KEYS[1], 'metadata', ARGV[1])
  return 1`,
);
