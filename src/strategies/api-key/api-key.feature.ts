import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { mergeWords } from '../../languages/define-words.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { AdminApiKeysController } from './admin-api-keys.controller.js';
import { AdminApiKeysPage } from './admin-api-keys.page.js';
import { USER_KEYS, USER_KEYS_SAMPLE } from './admin-api-keys.template.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyHolding, RotatedApiKeyHolding } from './api-key.holding.js';
import { ApiKeyPersonalData } from './api-key.personal-data.js';
import { ApiKeyStrategy } from './api-key.strategy.js';
import { apiKeyWords } from './api-key.words.js';
import { apiKeyEvents, apiKeySecurityLog } from './api-key-events.js';
import { ApiKeyIssuer } from './api-key-issuer.js';
import { ApiKeyLimits } from './api-key-limits.js';
import { apiKeyMailTemplates } from './api-key-mail-templates.js';
import { apiKeyMetricDescriptions, apiKeyMetrics } from './api-key-metrics.js';
import { apiKeyOptions } from './api-key-options.js';
import { ApiKeyRotation } from './api-key-rotation.js';
import { ApiKeySnapshots } from './api-key-snapshots.js';
import { ApiKeyUsageEntity } from './api-key-usage.entity.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeys } from './api-keys.js';
import { FreshLogin } from './fresh-login.js';
import { OwnApiKeys } from './own-api-keys.js';
import { apiKeyPages } from './pages/api-key-pages.js';
import { apiKeyPagesWords } from './pages/api-key-pages.words.js';
import { ApiKeysPage } from './pages/api-keys.page.js';
import { UsagePlot } from './pages/usage-plot.js';

const DAY = 86_400;

/** `AUTH_STRATEGIES=…,api-key`: keys that people make for their programs, and admins for service users. */
export const apiKeyFeature: Feature = {
  name: 'api-key',
  pages: {
    ...apiKeyPages,
    ...defineTemplates({ 'admin-user-keys': { source: USER_KEYS, sample: USER_KEYS_SAMPLE, scripts: ['copy.js'] } }),
  },
  words: mergeWords([apiKeyWords, apiKeyPagesWords]),
  mails: apiKeyMailTemplates,
  events: apiKeyEvents,
  securityLog: apiKeySecurityLog,
  options: apiKeyOptions,
  entities: [ApiKeyEntity, ApiKeyUsageEntity],
  controllers: [ApiKeysController, AdminApiKeysController, ApiKeysPage, AdminApiKeysPage],
  metrics: { declared: apiKeyMetricDescriptions, inject: [ApiKeyStrategy], useFactory: apiKeyMetrics },
  cleanups: {
    useFactory: () => [
      deleting('api_keys', 'revoked_at', 30 * DAY),
      deleting('api_keys', 'expires_at', 30 * DAY),
      deleting('api_key_usage', 'day', 90 * DAY),
    ],
  },
  holdings: { api_keys: ApiKeyHolding, rotated_api_keys: RotatedApiKeyHolding },
  personalData: { apiKeys: ApiKeyPersonalData },
  providers: [
    ApiKeySnapshots,
    ApiKeyUsage,
    ApiKeyLimits,
    ApiKeyIssuer,
    ApiKeyRotation,
    ApiKeys,
    FreshLogin,
    OwnApiKeys,
    UsagePlot,
  ],
  strategies: { 'api-key': ApiKeyStrategy },
};
