import type { Room } from './config/room.js';
import { passkeyRoom } from './factors/passkey/passkey.room.js';
import type { PasskeyOptions } from './factors/passkey/passkey-options.js';
import { passwordRoom } from './factors/password/password.room.js';
import type { PasswordOptions } from './factors/password/password-options.js';
import { recoveryCodeRoom } from './factors/recovery-code/recovery-code.room.js';
import { totpRoom } from './factors/totp/totp.room.js';
import type { TotpOptions } from './factors/totp/totp-options.js';
import { memcachedRoom } from './stores/memcached/memcached.room.js';
import type { MemcachedOptions } from './stores/memcached/memcached-options.js';
import { memoryRoom } from './stores/memory/memory.room.js';
import { postgresRoom } from './stores/postgres/postgres.room.js';
import { redisRoom } from './stores/redis/redis.room.js';
import type { RedisOptions } from './stores/redis/redis-options.js';
import { apiKeyRoom } from './strategies/api-key/api-key.room.js';
import type { ApiKeyOptions } from './strategies/api-key/api-key-options.js';
import { jwtRoom } from './strategies/jwt/jwt.room.js';
import type { JwtOptions } from './strategies/jwt/jwt-options.js';
import { mtlsRoom } from './strategies/mtls/mtls.room.js';
import type { MtlsOptions } from './strategies/mtls/mtls-options.js';
import { sessionRoom } from './strategies/session/session.room.js';

/** The factors, strategies and stores that come with Coatcheck: one import and one name each. */
export const builtInPlugins: readonly Room[] = [
  passwordRoom,
  totpRoom,
  recoveryCodeRoom,
  passkeyRoom,
  sessionRoom,
  jwtRoom,
  apiKeyRoom,
  mtlsRoom,
  postgresRoom,
  redisRoom,
  memcachedRoom,
  memoryRoom,
];

/** What they let one configure. */
export type PluginOptions = PasswordOptions &
  TotpOptions &
  PasskeyOptions &
  JwtOptions &
  ApiKeyOptions &
  MtlsOptions &
  RedisOptions &
  MemcachedOptions;
