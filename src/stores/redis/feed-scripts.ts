import { WOKEN_BY_THE_LAST } from '../../revocation/revocation-feed.js';
import { LuaScript } from './lua-script.js';

/** All of the feed, in one slot: head, birth and leases; the stream; what is unsettled, how often and since when; leases by what they have applied. */
export const FEED_KEYS = ['state', 'stream', 'unsettled', 'unsettled-since', 'applied'].map(
  (name) => `coatcheck:{feed}:${name}`,
) as [string, string, string, string, string];

/** Woken by it: nodes that have something to apply. In the slot of the feed, as what is published in a cluster's shard must be. */
export const REVOKED_CHANNEL = 'coatcheck:{feed}:revoked';

/** Woken by it: revokers that wait until all have applied. */
export const ACKNOWLEDGED_CHANNEL = 'coatcheck:{feed}:acknowledged';

const KEPT = 20_000;
/** Without a call for so long no node can hold a lease. */
const LIFE_MS = 86_400_000;

/**
 * Begins every script of the feed. `now` is Redis's clock, the only one that judges leases. Head and leases are one key: if
 * it is lost, both are, and everything begins anew with a birth that says so. What wakes others is published in the shard of a cluster,
 * that is, not to all its nodes; servers before version 7 have no shards.
 */
const BEGIN = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if redis.call('HEXISTS', KEYS[1], 'born') == 0 then
    redis.call('DEL', unpack(KEYS))
    redis.call('HSET', KEYS[1], 'born', now, 'head', 0)
  end
  redis.call('PEXPIRE', KEYS[1], ${LIFE_MS})
  local function head() return tonumber(redis.call('HGET', KEYS[1], 'head')) end
  local function leaseOf(text)
    local applied, expires = string.match(text, '^(%d+) (%d+)$')
    return tonumber(applied), tonumber(expires)
  end
  local function forgetLease(id)
    redis.call('ZREM', KEYS[5], id)
    return redis.call('HDEL', KEYS[1], 'lease:' .. id)
  end
  local function wake(channel)
    local said = redis.pcall('SPUBLISH', channel, '')
    if type(said) == 'table' and said.err then redis.call('PUBLISH', channel, '') end
  end
  local function forgetUnsettled(before)
    for _, subject in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', before)) do
      redis.call('HDEL', KEYS[3], subject)
      redis.call('ZREM', KEYS[4], subject)
    end
  end`;

/** ARGV life of what is unsettled in ms, then for each: subject, kind, `unsettled`, `settles` or ''. Answers the head. */
export const APPEND = new LuaScript(
  'feed.append',
  `${BEGIN}
  forgetUnsettled(now - ARGV[1])
  local seq = head()
  for i = 2, #ARGV, 3 do
    local subject, kind, state = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    seq = seq + 1
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ${KEPT}, seq .. '-0', 'subject', subject, 'kind', kind, 'state', state)
    if state == 'unsettled' then
      redis.call('HINCRBY', KEYS[3], subject, 1)
      redis.call('ZADD', KEYS[4], now, subject)
    elseif state == 'settles' and redis.call('HEXISTS', KEYS[3], subject) == 1
      and redis.call('HINCRBY', KEYS[3], subject, -1) <= 0 then
      redis.call('HDEL', KEYS[3], subject)
      redis.call('ZREM', KEYS[4], subject)
    end
  end
  redis.call('HSET', KEYS[1], 'head', seq)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${LIFE_MS}) end
  wake('${REVOKED_CHANNEL}')
  return seq`,
);

/** ARGV lease id, its life in ms, life of what is unsettled in ms. Answers the head, then subject and count of each. */
export const GRANT = new LuaScript(
  'leases.grant',
  `${BEGIN}
  forgetUnsettled(now - ARGV[3])
  local seq = head()
  redis.call('HSET', KEYS[1], 'lease:' .. ARGV[1], seq .. ' ' .. (now + ARGV[2]))
  redis.call('ZADD', KEYS[5], seq, ARGV[1])
  redis.call('PEXPIRE', KEYS[5], ${LIFE_MS})
  return {seq, redis.call('HGETALL', KEYS[3])}`,
);

/** ARGV lease id, applied, life in ms, 0 to prolong nothing. Answers the head, or false. */
export const RENEW = new LuaScript(
  'leases.renew',
  `${BEGIN}
  local field = 'lease:' .. ARGV[1]
  local lease = redis.call('HGET', KEYS[1], field)
  if not lease then return false end
  local applied, expires = leaseOf(lease)
  if expires <= now then
    forgetLease(ARGV[1])
    return false
  end
  if tonumber(ARGV[2]) > head() then return head() end
  local told = math.max(applied, tonumber(ARGV[2]))
  redis.call('HSET', KEYS[1], field, told .. ' ' .. math.max(expires, now + ARGV[3]))
  redis.call('ZADD', KEYS[5], told, ARGV[1])
  if told > applied and redis.call('ZCOUNT', KEYS[5], '-inf', applied) < ${WOKEN_BY_THE_LAST} then
    wake('${ACKNOWLEDGED_CHANNEL}')
  end
  return head()`,
);

/** ARGV lease id. */
export const RELEASE = new LuaScript(
  'leases.release',
  `${BEGIN}
  if forgetLease(ARGV[1]) == 1 then wake('${ACKNOWLEDGED_CHANNEL}') end
  return 1`,
);

/** ARGV the longest life of a lease in ms. Answers the head, then id, applied and what is left in ms of each lease. */
export const STATUS = new LuaScript(
  'leases.status',
  `${BEGIN}
  local fields, leases, running = redis.call('HGETALL', KEYS[1]), {}, {}
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 6) == 'lease:' then
      local applied, expires = leaseOf(fields[i + 1])
      if expires <= now then
        forgetLease(string.sub(fields[i], 7))
      else
        running[string.sub(fields[i], 7)] = true
        for _, value in ipairs({string.sub(fields[i], 7), applied, expires - now}) do table.insert(leases, value) end
      end
    end
  end
  if redis.call('ZCARD', KEYS[5]) > #leases / 3 then
    for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
      if not running[id] then redis.call('ZREM', KEYS[5], id) end
    end
  end
  local uncertain = redis.call('HGET', KEYS[1], 'born') + ARGV[1] - now
  if uncertain > 0 then
    for _, value in ipairs({'', -1, uncertain}) do table.insert(leases, value) end
  end
  return {head(), leases}`,
);
