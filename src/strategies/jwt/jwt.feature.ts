import { coreOptions } from '../../config/core-options.js';
import type { Feature } from '../../config/feature.js';
import { AccessTokens } from './access-tokens.js';
import { JwtDelivery } from './jwt.delivery.js';
import { JwtStrategy } from './jwt.strategy.js';
import { jwtEvents, jwtSecurityLog } from './jwt-events.js';
import { isJwtOn, jwtOptions } from './jwt-options.js';
import { jwtSpanDescriptions, jwtSpans } from './jwt-spans.js';
import { RefreshController } from './refresh.controller.js';
import { RefreshService } from './refresh.service.js';
import { RefreshOutcomes, refreshMetricDescriptions, refreshMetrics } from './refresh-outcomes.js';
import { RefreshTokens } from './refresh-tokens.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';
import { TokenUses } from './token-uses.js';

/** `AUTH_STRATEGIES=jwt`: access tokens, and the refresh tokens that renew them. */
export const jwtFeature: Feature = {
  name: 'jwt',
  events: jwtEvents,
  securityLog: jwtSecurityLog,
  options: jwtOptions,
  signs: (options) => {
    const { accessTokenSeconds, jwtLeewaySeconds } = options.of(jwtOptions);
    return isJwtOn(options.of(coreOptions)) ? { tokenSeconds: accessTokenSeconds + jwtLeewaySeconds } : null;
  },
  metrics: { declared: refreshMetricDescriptions, inject: [RefreshOutcomes], useFactory: refreshMetrics },
  spans: { declared: jwtSpanDescriptions, inject: [AccessTokens, RefreshService], useFactory: jwtSpans },
  controllers: [RefreshController],
  providers: [
    AccessTokens,
    TokenBinding,
    TokenCookies,
    RefreshTokens,
    RefreshOutcomes,
    RefreshService,
    JwtDelivery,
    TokenUses,
  ],
  strategies: { jwt: JwtStrategy },
};
