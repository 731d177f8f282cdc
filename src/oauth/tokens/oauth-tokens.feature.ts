import type { Feature } from '../../config/feature.js';
import type { Options } from '../../config/options.js';
import type { SigningNeed } from '../../kernel/signing-need.js';
import { sessionOptions } from '../../sessions/session-options.js';
import { OAuthStrategy } from '../oauth.strategy.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import { DpopProofs } from './dpop-proofs.js';
import { LEEWAY_SECONDS, OAuthTokens } from './oauth-tokens.js';
import { OwnAudiences } from './own-audiences.js';
import { ResourceMetadata } from './resource-metadata.js';
import { ResourceMetadataMount } from './resource-metadata-mount.js';
import { TokenHandles } from './token-handles.js';
import { TokenHolders } from './token-holders.js';
import { TokenLookUps } from './token-look-ups.js';
import { TokensInForce } from './tokens-in-force.js';

/** No resource may have its tokens live longer, nor may the option. */
const MOST_TOKEN_SECONDS = 86_400;

/** Access tokens of clients, at routes of this application and at introspection. */
export const oauthTokensFeature: Feature = {
  name: 'oauth-tokens',
  signs: (options) => (isOAuthOn(options) ? needOf(options) : null),
  providers: [
    OAuthTokens,
    DpopProofs,
    TokenHolders,
    OwnAudiences,
    TokensInForce,
    TokenHandles,
    TokenLookUps,
    ResourceMetadata,
    ResourceMetadataMount,
  ],
  strategies: { oauth: OAuthStrategy },
};

function needOf(options: Options): SigningNeed {
  return {
    tokenSeconds: MOST_TOKEN_SECONDS + LEEWAY_SECONDS,
    algorithms: options.of(oauthOptions).oauthRs256 ? ['ES256', 'RS256'] : ['ES256'],
    // A client that logs its user out shows an ID token of the login, which may be as old as the session.
    publicSeconds: options.of(sessionOptions).sessionAbsoluteSeconds,
  };
}
