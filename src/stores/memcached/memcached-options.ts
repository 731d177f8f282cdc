import { type ConfigurationProblem, defineOptions, optionalText } from '../../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../../config/url-with-credentials.js';
import { parseMemcachedUrl } from './memcached-address.js';

export interface MemcachedOptions {
  readonly memcachedUrl: string | undefined;
}

export const memcachedOptions = defineOptions<MemcachedOptions>({
  title: 'Memcached',
  specs: {
    memcachedUrl: optionalText({
      shape: 'memcached://user:password@host:11211,host:11211',
      description:
        'Servers of `SESSION_STORE=memcached`. Requires the package `memjs`. Without a password, every client that reaches a server can end and forge sessions: keep it in a private network.',
    }),
  },
  validate: ({ sessionStore, memcachedUrl }): ConfigurationProblem[] => {
    const remedy = 'set it to memcached://user:password@host:11211; separate several servers by commas';
    if (memcachedUrl !== undefined && !parseMemcachedUrl(memcachedUrl)) {
      const problem = credentialsProblem(memcachedUrl);
      if (problem !== null) return [{ option: 'memcachedUrl', problem, remedy: ENCODE_CREDENTIALS }];
      return [{ option: 'memcachedUrl', problem: 'is not a list of Memcached servers', remedy }];
    }
    if (sessionStore !== 'memcached' || memcachedUrl !== undefined) return [];
    return [{ option: 'memcachedUrl', problem: 'is missing, but SESSION_STORE is memcached', remedy }];
  },
});
