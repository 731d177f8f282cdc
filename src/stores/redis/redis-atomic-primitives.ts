import { hashSecret } from '../../kernel/secret-token.js';
import {
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  assertAllowance,
  type Count,
  type CountedAddition,
} from '../../sessions/atomic-primitives.js';
import { LuaScript } from './lua-script.js';
import type { RedisConnection } from './redis-connection.js';

/** The atomic primitives in Redis: one key and one script each. */
export class RedisAtomicPrimitives extends AtomicPrimitives {
  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async offer(key: string, value: number, { expiresAt, now }: { expiresAt: Date; now: Date }): Promise<boolean> {
    if (expiresAt <= now) return false;
    const life = expiresAt.getTime() - now.getTime();
    return (await this.redis.run(OFFER, [offerKey(key)], [value, expiresAt.getTime(), now.getTime(), life])) === 1;
  }

  async consumeOnce(key: string, now: Date): Promise<boolean> {
    return (await this.redis.run(CONSUME, [offerKey(key)], [now.getTime()])) === 1;
  }

  async compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean> {
    assertAdvance(step);
    return (await this.redis.run(ADVANCE, [offerKey(key)], [step.expected, step.next, step.now.getTime()])) === 1;
  }

  async addIfBelow(key: string, allowance: Allowance): Promise<Count> {
    assertAllowance(allowance);
    const values = [allowance.limit, allowance.now.getTime(), Math.ceil(allowance.windowSeconds * 1000)];
    const answer = await this.redis.run(ADD, [counterKey(key)], values);
    const [added, count, resetsAt] = (answer as (number | string)[]).map(Number);
    return { added: added === 1, count: count!, resetsAt: new Date(resetsAt!) };
  }

  async subtract(counted: readonly CountedAddition[]): Promise<void> {
    await Promise.all(
      counted.map(({ key, resetsAt }) => this.redis.run(SUBTRACT, [counterKey(key)], [resetsAt.getTime()])),
    );
  }

  async forget(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map(counterKey).map((key) => this.redis.ask(key, ['DEL', key])));
  }
}

function counterKey(key: string): string {
  return `coatcheck:{${hashSecret(key)}}:counter`;
}

/** Keys may hold what a client sent: a hash can be neither too long nor another client's key. */
function offerKey(key: string): string {
  return `coatcheck:{${hashSecret(key)}}:offer`;
}

/** KEYS offer. ARGV value, expires, now, life in ms. */
const OFFER = new LuaScript(
  'offers.offer',
  `
  local expires = redis.call('HGET', KEYS[1], 'expires')
  if expires and tonumber(expires) > tonumber(ARGV[3]) then return 0 end
  redis.call('HSET', KEYS[1], 'value', ARGV[1], 'expires', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1`,
);

/** KEYS offer. ARGV now. */
const CONSUME = new LuaScript(
  'offers.consume',
  `
  local expires = redis.call('HGET', KEYS[1], 'expires')
  if not expires or tonumber(expires) <= tonumber(ARGV[1]) then return 0 end
  return redis.call('DEL', KEYS[1])`,
);

/** KEYS offer. ARGV expected, next, now. */
const ADVANCE = new LuaScript(
  'offers.advance',
  `
  local held = redis.call('HMGET', KEYS[1], 'value', 'expires')
  if held[1] ~= ARGV[1] or tonumber(held[2]) <= tonumber(ARGV[3]) then return 0 end
  redis.call('HSET', KEYS[1], 'value', ARGV[2])
  return 1`,
);

/** KEYS counter. ARGV limit, now, window in ms. Answers whether it was added, the count and when it resets. */
const ADD = new LuaScript(
  'counters.add',
  `
  local held = redis.call('HMGET', KEYS[1], 'count', 'resets')
  local count, resets = tonumber(held[1] or '0'), held[2]
  if not resets or tonumber(resets) <= tonumber(ARGV[2]) then
    count, resets = 0, string.format('%.0f', tonumber(ARGV[2]) + tonumber(ARGV[3]))
    redis.call('DEL', KEYS[1])
  end
  if count >= tonumber(ARGV[1]) then return {0, count, resets} end
  redis.call('HSET', KEYS[1], 'count', count + 1, 'resets', resets)
  if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
  return {1, count + 1, resets}`,
);

/** KEYS counter. ARGV the window's end. */
const SUBTRACT = new LuaScript(
  'counters.subtract',
  `
  local held = redis.call('HMGET', KEYS[1], 'count', 'resets')
  if held[2] ~= ARGV[1] or tonumber(held[1]) < 1 then return 0 end
  return redis.call('HINCRBY', KEYS[1], 'count', -1)`,
);
