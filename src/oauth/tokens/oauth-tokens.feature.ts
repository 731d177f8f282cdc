import type { Feature } from '../../config/feature.js';
import { OAuthStrategy } from '../oauth.strategy.js';
import { isOAuthOn } from '../oauth-options.js';
import { DpopProofs } from './dpop-proofs.js';
import { LEEWAY_SECONDS, OAuthTokens } from './oauth-tokens.js';
import { OwnAudiences } from './own-audiences.js';
import { ResourceMetadata } from './resource-metadata.js';
import { TokenHandles } from './token-handles.js';
import { TokenHolders } from './token-holders.js';
import { TokensInForce } from './tokens-in-force.js';

/** The longest that any API's tokens may live. */
const DAY = 86_400;

/** Access tokens of clients, at routes of this application and at introspection. */
export const oauthTokensFeature: Feature = {
  name: 'oauth-tokens',
  signs: (options) => (isOAuthOn(options) ? { tokenSeconds: DAY + LEEWAY_SECONDS } : null),
  providers: [OAuthTokens, DpopProofs, TokenHolders, OwnAudiences, TokensInForce, TokenHandles, ResourceMetadata],
  strategies: { oauth: OAuthStrategy },
};
