import { type ConfigurationProblem, defineOptions, optionalText } from '../../config/option-section.js';
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
        'The servers of `SESSION_STORE=memcached`. Needs the package `memjs`. Without a password whoever reaches a server can end and forge sessions: keep it in a private network.',
    }),
  },
  validate: ({ sessionStore, memcachedUrl }): ConfigurationProblem[] => {
    const remedy = 'give memcached://user:password@host:11211, several servers separated by commas';
    if (memcachedUrl !== undefined && !parseMemcachedUrl(memcachedUrl)) {
      return [{ option: 'memcachedUrl', problem: 'is not the address of Memcached servers', remedy }];
    }
    if (sessionStore !== 'memcached' || memcachedUrl !== undefined) return [];
    return [{ option: 'memcachedUrl', problem: 'is missing, and SESSION_STORE is memcached', remedy }];
  },
});
