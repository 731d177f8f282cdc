import { SCOPE } from '../../access/scope-policy.js';
import { defineOptions, integer, list, seconds } from '../../config/option-section.js';

export interface ApiKeyOptions {
  readonly apiKeyScopes: readonly string[];
  readonly apiKeysPerUser: number;
  readonly apiKeyFreshSeconds: number;
  readonly apiKeyMaxSeconds: number;
  readonly apiKeyOverlapSeconds: number;
  readonly apiKeyRateLimit: number;
  readonly apiKeyRateLimitWindowSeconds: number;
  readonly apiKeyQuota: number;
  readonly apiKeyQuotaWindowSeconds: number;
  readonly apiKeyUsageSeconds: number;
  readonly apiKeyViewSize: number;
}

const DAY = 86_400;
const MOST = 1_000_000_000;

export const apiKeyOptions = defineOptions<ApiKeyOptions>({
  title: 'Keys for machines (strategy api-key)',
  specs: {
    apiKeyScopes: list({
      default: [],
      shape: 'scopes',
      each: (scope) => SCOPE.test(scope),
      description: 'The scopes that keys may be given. Empty: any; those that no route asks for open nothing.',
    }),
    apiKeysPerUser: integer({ default: 50, min: 1, max: 1000, description: 'Live keys that a user may have.' }),
    apiKeyFreshSeconds: seconds({
      default: 300,
      min: 30,
      max: 3600,
      description: 'How fresh a login or step-up must be to make or rotate a key.',
    }),
    apiKeyMaxSeconds: seconds({
      default: 0,
      min: 0,
      max: 3650 * DAY,
      description: 'Longest life of a key, and that of one made without a wish. 0: without a wish it never expires.',
    }),
    apiKeyOverlapSeconds: seconds({
      default: DAY,
      min: 0,
      max: 30 * DAY,
      description: 'How long a rotated key lives on, unless the rotation says.',
    }),
    apiKeyRateLimit: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Requests of one key in a window. 0: no limit, and no call to a store to count them.',
    }),
    apiKeyRateLimitWindowSeconds: seconds({ default: 60, min: 1, max: DAY, description: 'That window.' }),
    apiKeyQuota: integer({ default: 0, min: 0, max: MOST, description: 'The same over a longer time. 0: none.' }),
    apiKeyQuotaWindowSeconds: seconds({ default: DAY, min: 1, max: 366 * DAY, description: 'That time.' }),
    apiKeyUsageSeconds: seconds({
      default: 10,
      min: 1,
      max: 3600,
      description: 'How late `lastUsedAt` and the usage of a key are written, many at a time.',
    }),
    apiKeyViewSize: integer({
      default: 10_000,
      min: 0,
      max: 1_000_000,
      description: 'Keys that a node knows without asking. 0: it asks at every request.',
    }),
  },
});
