import { ConfigurationError } from '../../src/config/configuration-error.js';
import { Options } from '../../src/config/options.js';
import { sessionOptions } from '../../src/sessions/session-options.js';
import { parseMemcachedUrl } from '../../src/stores/memcached/memcached-address.js';
import { memcachedOptions } from '../../src/stores/memcached/memcached-options.js';
import { parseRedisUrl } from '../../src/stores/redis/redis-address.js';
import { redisOptions } from '../../src/stores/redis/redis-options.js';

const sections = [sessionOptions, redisOptions, memcachedOptions];

describe('the options of the stores', () => {
  it('need no address of a store that was not chosen', () => {
    expect(problemsOf({ sessionStore: 'postgres' })).toEqual([]);
    expect(problemsOf({ sessionStore: 'redis', redisUrl: 'redis://localhost' })).toEqual([]);
    expect(problemsOf({ sessionStore: 'memcached', memcachedUrl: 'memcached://a,b:1' })).toEqual([]);
  });

  it.each([
    [{ sessionStore: 'redis' }, 'redisUrl', 'is missing, but SESSION_STORE is redis'],
    [{ sessionStore: 'memcached' }, 'memcachedUrl', 'is missing, but SESSION_STORE is memcached'],
    [{ sessionStore: 'postgres', redisUrl: 'http://localhost' }, 'redisUrl', 'is not the address of a Redis server'],
    [{ memcachedUrl: 'localhost:11211' }, 'memcachedUrl', 'is not a list of Memcached servers'],
  ])('are refused with a remedy: %j', (values, option, problem) => {
    expect(problemsOf(values)).toEqual([{ option, problem, remedy: expect.stringContaining('://') }]);
  });

  it('never repeat a password in a problem', () => {
    expect(
      JSON.stringify(problemsOf({ redisUrl: 'redis://u:hunter2@h h', memcachedUrl: 'x://u:hunter2@h' })),
    ).not.toContain('hunter2');
  });
});

describe('the address of a Redis', () => {
  it.each([
    ['redis://localhost', false, false, [['localhost', 6379]]],
    ['rediss://u:p%40ss@redis.example.com:6380/2', false, true, [['redis.example.com', 6380]]],
    [
      'redis+cluster://a:1,b:2,c',
      true,
      false,
      [
        ['a', 1],
        ['b', 2],
        ['c', 6379],
      ],
    ],
    [
      'rediss+cluster://:p@[::1]:7000,[::2]:7001',
      true,
      true,
      [
        ['::1', 7000],
        ['::2', 7001],
      ],
    ],
  ])('is read from %s', (url, isCluster, isEncrypted, nodes) => {
    const address = parseRedisUrl(url)!;
    expect([address.isCluster, address.isEncrypted]).toEqual([isCluster, isEncrypted]);
    expect(address.nodes.map(({ host, port }) => [host, port])).toEqual(nodes);
  });

  it('has its credentials decoded, and a password may be alone', () => {
    expect(parseRedisUrl('redis://u:p%40ss:x@h/3')).toMatchObject({ username: 'u', password: 'p@ss:x', database: 3 });
    expect(parseRedisUrl('redis://:p@h')).toMatchObject({ username: undefined, password: 'p' });
  });

  it.each([
    '',
    'redis://',
    'redis://a,b',
    'redis+cluster://a,b/1',
    'redis+cluster://a,,b',
    'http://a',
    'redis://a b',
    'redis://%@h',
    'redis://h:x',
  ])('is not %j', (url) => expect(parseRedisUrl(url)).toBe(null));
});

describe('the address of Memcached servers', () => {
  it('is read with or without credentials', () => {
    expect(parseMemcachedUrl('memcached://u:p%3Aw@a,[::1]:2')).toEqual({
      username: 'u',
      password: 'p:w',
      servers: [
        { host: 'a', port: 11211 },
        { host: '::1', port: 2 },
      ],
    });
  });

  it.each(['', 'memcached://', 'memcached://a,,b', 'redis://a', 'memcached://a/b', 'memcached://a b'])(
    'is not %j',
    (url) => expect(parseMemcachedUrl(url)).toBe(null),
  );
});

function problemsOf(values: object): readonly unknown[] {
  try {
    Options.resolve(sections, { ...values });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
}
