import { type ConfigurationProblem, defineOptions, optionalText } from '../../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../../config/url-with-credentials.js';
import { parseRedisUrl } from './redis-address.js';

export interface RedisOptions {
  readonly redisUrl: string | undefined;
}

export const redisOptions = defineOptions<RedisOptions>({
  title: 'Redis',
  specs: {
    redisUrl: optionalText({
      shape: 'redis://user:password@host:6379, rediss://…, redis+cluster://host:port,host:port',
      description: 'Redis or Valkey server of `SESSION_STORE=redis`. Requires the package `redis`.',
    }),
  },
  validate: ({ sessionStore, redisUrl }): ConfigurationProblem[] => {
    const remedy =
      'set it to redis://user:password@host:6379 (rediss:// for TLS), or redis+cluster://host:port,host:port';
    if (redisUrl !== undefined && !parseRedisUrl(redisUrl)) {
      const problem = credentialsProblem(redisUrl);
      if (problem !== null) return [{ option: 'redisUrl', problem, remedy: ENCODE_CREDENTIALS }];
      return [{ option: 'redisUrl', problem: 'is not the address of a Redis server', remedy }];
    }
    if (sessionStore !== 'redis' || redisUrl !== undefined) return [];
    return [{ option: 'redisUrl', problem: 'is missing, but SESSION_STORE is redis', remedy }];
  },
});
