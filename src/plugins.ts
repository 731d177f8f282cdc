import type { Feature } from './config/feature.js';
import { connectionsFeature } from './factors/federated/connections/connections.feature.js';
import { federatedFeature } from './factors/federated/federated.feature.js';
import type { FederatedOptions } from './factors/federated/federated-options.js';
import { federatedPagesFeature } from './factors/federated/pages/federated-pages.feature.js';
import { federatedSessionsFeature } from './factors/federated/recheck/federated-sessions.feature.js';
import { mailboxFeature } from './factors/mailbox/mailbox.feature.js';
import type { MailboxOptions } from './factors/mailbox/mailbox-options.js';
import { passkeyFeature } from './factors/passkey/passkey.feature.js';
import type { PasskeyOptions } from './factors/passkey/passkey-options.js';
import { passwordFeature } from './factors/password/password.feature.js';
import type { PasswordOptions } from './factors/password/password-options.js';
import { recoveryCodeFeature } from './factors/recovery-code/recovery-code.feature.js';
import { totpFeature } from './factors/totp/totp.feature.js';
import type { TotpOptions } from './factors/totp/totp-options.js';
import { oauthFeatures } from './oauth/oauth.feature.js';
import type { OAuthOptions } from './oauth/oauth-options.js';
import { memcachedFeature } from './stores/memcached/memcached.feature.js';
import type { MemcachedOptions } from './stores/memcached/memcached-options.js';
import { memoryFeature } from './stores/memory/memory.feature.js';
import { postgresFeature } from './stores/postgres/postgres.feature.js';
import { redisFeature } from './stores/redis/redis.feature.js';
import type { RedisOptions } from './stores/redis/redis-options.js';
import { apiKeyFeature } from './strategies/api-key/api-key.feature.js';
import type { ApiKeyOptions } from './strategies/api-key/api-key-options.js';
import { jwtFeature } from './strategies/jwt/jwt.feature.js';
import type { JwtOptions } from './strategies/jwt/jwt-options.js';
import { mtlsFeature } from './strategies/mtls/mtls.feature.js';
import type { MtlsOptions } from './strategies/mtls/mtls-options.js';
import { sessionFeature } from './strategies/session/session.feature.js';

/** The factors, strategies and stores that come with Coatcheck: one import and one name each. */
export const builtInPlugins: readonly Feature[] = [
  passwordFeature,
  totpFeature,
  recoveryCodeFeature,
  passkeyFeature,
  mailboxFeature,
  federatedFeature,
  federatedPagesFeature,
  federatedSessionsFeature,
  connectionsFeature,
  sessionFeature,
  jwtFeature,
  apiKeyFeature,
  mtlsFeature,
  ...oauthFeatures,
  postgresFeature,
  redisFeature,
  memcachedFeature,
  memoryFeature,
];

/** The options that plugins add. */
export type PluginOptions = PasswordOptions &
  TotpOptions &
  PasskeyOptions &
  MailboxOptions &
  FederatedOptions &
  JwtOptions &
  ApiKeyOptions &
  MtlsOptions &
  OAuthOptions &
  RedisOptions &
  MemcachedOptions;
