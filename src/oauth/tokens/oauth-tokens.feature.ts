import type { Feature } from '../../config/feature.js';
import { OAuthStrategy } from '../oauth.strategy.js';
import { DpopProofs } from './dpop-proofs.js';
import { OAuthTokens } from './oauth-tokens.js';
import { OwnAudiences } from './own-audiences.js';
import { ResourceMetadata } from './resource-metadata.js';
import { TokenHandles } from './token-handles.js';
import { TokenHolders } from './token-holders.js';
import { TokensInForce } from './tokens-in-force.js';

/** Access tokens of clients, at routes of this application and at introspection. */
export const oauthTokensFeature: Feature = {
  name: 'oauth-tokens',
  providers: [OAuthTokens, DpopProofs, TokenHolders, OwnAudiences, TokensInForce, TokenHandles, ResourceMetadata],
  strategies: { oauth: OAuthStrategy },
};
