import { AuthError } from '../../../kernel/auth-error.js';
import { readHeld, writeHeld } from './held-grant.js';
import type { SeenTokens } from './token-replies.js';
import {
  type FlowSecrets,
  Upstream,
  type UpstreamCheck,
  type UpstreamIdentity,
  type UpstreamLogin,
  type UpstreamLogout,
} from './upstream.js';
import {
  type AuthorizationParams,
  type ClientCredentials,
  type Server,
  type Tokens,
  UpstreamClient,
  type UpstreamParts,
} from './upstream-client.js';
import { isRevoked, plainCause, refusalOf } from './upstream-refusals.js';

/** The user as a provider of plain OAuth 2 describes them; their access token has just been exchanged. */
export type PlainIdentity = Pick<UpstreamIdentity, 'subject' | 'email' | 'emailVerified' | 'name' | 'claims'>;

/** In what a provider of plain OAuth 2 differs from any other. */
export interface OAuth2Differences {
  readonly server: Server;
  readonly scopes: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /** @throws OddAnswer, ProviderUnreachable */
  readonly identityOf: (accessToken: string) => Promise<PlainIdentity>;
  /** Its own errors of the token endpoint that say as clearly as `invalid_grant` that the grant is over. */
  readonly revokedErrors?: readonly string[];
  /** How a login without a refresh token is looked at; absent: it cannot be. */
  readonly checkAccessToken?: (accessToken: string) => Promise<'live' | 'revoked'>;
}

/** Marks what is held as an access token. */
const ACCESS = 'access_token:';

/**
 * A provider of OAuth 2 without OpenID Connect. It says who the user is over a connection that we have opened to it, with the code of this very
 * flow (PKCE, `state`, a redirect URI of its own): there is no token to be verified.
 */
export class OAuth2Upstream extends Upstream {
  readonly issuer: string;
  private readonly client: UpstreamClient;

  constructor(
    private readonly differences: OAuth2Differences,
    credentials: ClientCredentials,
    parts: UpstreamParts,
  ) {
    super();
    this.issuer = differences.server.issuer;
    this.client = new UpstreamClient(parts, credentials);
  }

  async authorizationUrl(params: AuthorizationParams): Promise<URL> {
    const { server, scopes, parameters = {} } = this.differences;
    const scope = scopes.join(' ');
    const url = await this.client.authorizationUrl(server, params, { ...parameters, ...(scope !== '' && { scope }) });
    // It knows none, and some refuse what they do not know.
    url.searchParams.delete('nonce');
    return url;
  }

  async complete(callback: URL, flow: FlowSecrets): Promise<UpstreamLogin> {
    try {
      const tokens = await this.client.exchange(this.differences.server, callback, flow);
      const plain = await this.differences.identityOf(tokens.accessToken);
      const none = { amr: [], authenticatedAt: null, sessionId: null, sessionExpiresAt: null };
      return { identity: { ...plain, ...none, issuer: this.issuer }, token: this.held(tokens, plain.subject) };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async check(token: string): Promise<UpstreamCheck> {
    const seen: SeenTokens = {};
    const held = readHeld(token);
    const next = () => held && seen.refreshToken && writeHeld({ ...held, refreshToken: seen.refreshToken });
    try {
      if (!held) return await this.checkAccessToken(token);
      await this.client.refresh(this.differences.server, held.refreshToken, seen);
      return { outcome: 'live', token: next() || token };
    } catch (error) {
      if (isRevoked(error, this.differences.revokedErrors)) return { outcome: 'revoked' };
      const rotated = next();
      return { outcome: 'unknown', cause: plainCause(error), ...(rotated && { token: rotated }) };
    }
  }

  /** Plain OAuth 2 has none. */
  readLogout(_token: string): Promise<UpstreamLogout> {
    return Promise.reject(new AuthError('validation_failed', { reason: 'provider_without_logout' }));
  }

  private held({ accessToken, refreshToken }: Tokens, subject: string): string | null {
    if (refreshToken !== null) return writeHeld({ refreshToken, subject, issuer: this.issuer });
    return this.differences.checkAccessToken ? `${ACCESS}${accessToken}` : null;
  }

  private async checkAccessToken(token: string): Promise<UpstreamCheck> {
    const { checkAccessToken } = this.differences;
    if (!checkAccessToken || !token.startsWith(ACCESS)) throw new Error('the stored token cannot be read');
    const outcome = await checkAccessToken(token.slice(ACCESS.length));
    return outcome === 'live' ? { outcome, token } : { outcome, isCertain: true };
  }
}
