import type { Feature } from '../../config/feature.js';
import { defineTemplates } from '../../pages/define-templates.js';
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
import { SigningKeysPage } from './signing-keys.page.js';
import { SIGNING_KEYS, SIGNING_KEYS_SAMPLE, WITHDRAW_KEYS, type WithdrawKeysValues } from './signing-keys.template.js';
import { signingKeysWords } from './signing-keys.words.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';
import { TypeormSigningKeys } from './typeorm-signing-keys.js';

/** `AUTH_STRATEGIES=jwt`: access tokens, and the refresh tokens that renew them. */
export const jwtFeature: Feature = {
  name: 'jwt',
  events: jwtEvents,
  words: signingKeysWords,
  pages: defineTemplates({
    'admin-keys': {
      source: SIGNING_KEYS,
      sample: SIGNING_KEYS_SAMPLE,
      nav: { area: 'admin', order: 50, path: '/admin/ui/keys' },
    },
    'admin-keys-withdraw': { source: WITHDRAW_KEYS, sample: { count: 2 } satisfies WithdrawKeysValues },
  }),
  userLog: jwtUserLog,
  options: jwtOptions,
  metrics: { declared: refreshMetricDescriptions, inject: [RefreshOutcomes], useFactory: refreshMetrics },
  entities: [SigningKeyEntity],
  controllers: [RefreshController, JwksController, KeyRotationController, SigningKeysPage],
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
