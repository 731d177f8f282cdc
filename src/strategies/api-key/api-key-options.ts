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
      isShown: true,
      default: [],
      shape: 'scopes',
      each: (scope) => SCOPE.test(scope),
      description: 'Scopes that an API key may have. Empty: any scope. A scope that no route requires has no effect.',
    }),
    apiKeysPerUser: integer({ default: 50, min: 1, max: 1000, description: 'Maximum live API keys per user.' }),
    apiKeyFreshSeconds: seconds({
      default: 300,
      min: 30,
      max: 3600,
      description: 'Maximum age of the last login or step-up to create or rotate an API key.',
    }),
    apiKeyMaxSeconds: seconds({
      default: 0,
      min: 0,
      max: 3650 * DAY,
      description: 'Maximum lifetime of a key, used when none is requested. 0: keys may never expire.',
    }),
    apiKeyOverlapSeconds: seconds({
      default: DAY,
      min: 0,
      max: 30 * DAY,
      description: 'How long a rotated key stays valid, unless the rotation requests another time.',
    }),
    apiKeyRateLimit: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Maximum requests of one API key in a window. 0: no limit, and no store call to count requests.',
    }),
    apiKeyRateLimitWindowSeconds: seconds({
      default: 60,
      min: 1,
      max: DAY,
      description: 'Length of the window of `API_KEY_RATE_LIMIT`.',
    }),
    apiKeyQuota: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Maximum requests of one API key in a longer window. 0: no quota.',
    }),
    apiKeyQuotaWindowSeconds: seconds({
      default: DAY,
      min: 1,
      max: 366 * DAY,
      description: 'Length of the window of `API_KEY_QUOTA`.',
    }),
    apiKeyUsageSeconds: seconds({
      default: 10,
      min: 1,
      max: 3600,
      description: 'Interval at which `lastUsedAt` and the usage of API keys are written.',
    }),
    apiKeyViewSize: integer({
      default: 10_000,
      min: 0,
      max: 1_000_000,
      description: 'Maximum API keys a node keeps in memory. 0: every request asks the store.',
    }),
  },
});
