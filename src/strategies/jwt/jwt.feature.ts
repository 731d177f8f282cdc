import type { Feature } from '../../config/feature.js';
import { AccessTokens } from './access-token.js';
import { JwksController } from './jwks.controller.js';
import { JwtDelivery } from './jwt.delivery.js';
import { JwtStrategy } from './jwt.strategy.js';
import { jwtEvents, jwtUserLog } from './jwt-events.js';
import { jwtOptions } from './jwt-options.js';
import { KeyRotationController } from './key-rotation.controller.js';
import { KnownKeys } from './known-keys.js';
import { RefreshController } from './refresh.controller.js';
import { RefreshService } from './refresh.service.js';
import { RefreshOutcomes, refreshMetricDescriptions, refreshMetrics } from './refresh-outcomes.js';
import { RefreshTokens } from './refresh-token.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeys } from './signing-keys.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';
import { TypeormSigningKeys } from './typeorm-signing-keys.js';

/** `AUTH_STRATEGIES=jwt`: access tokens, and the refresh tokens that renew them. */
export const jwtFeature: Feature = {
  name: 'jwt',
  events: jwtEvents,
  userLog: jwtUserLog,
  options: jwtOptions,
  metrics: { declared: refreshMetricDescriptions, inject: [RefreshOutcomes], useFactory: refreshMetrics },
  entities: [SigningKeyEntity],
  controllers: [RefreshController, JwksController, KeyRotationController],
  providers: [
    KnownKeys,
    { provide: SigningKeys, useClass: TypeormSigningKeys },
    AccessTokens,
    TokenBinding,
    TokenCookies,
    RefreshTokens,
    RefreshOutcomes,
    RefreshService,
    JwtDelivery,
  ],
  strategies: { jwt: JwtStrategy },
};
