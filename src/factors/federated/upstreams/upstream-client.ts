import type * as openidClient from 'openid-client';
import type { Clock } from '../../../kernel/clock.js';
import { type SeenTokens, tokenFetch } from './token-replies.js';
import type { FlowPurpose, FlowSecrets } from './upstream.js';
import type { UpstreamFetch } from './upstream-fetch.js';
import { OddAnswer } from './upstream-refusals.js';

/** The dependencies of every upstream. */
export interface UpstreamParts {
  readonly fetch: UpstreamFetch;
  readonly clock: Clock;
  /** Loaded by the first connection. */
  readonly library: typeof openidClient;
  /** Whether a provider may be asked without encryption: never in production. */
  readonly mayBePlain: boolean;
}

/** The part of a provider's metadata that its client needs, by the names of RFC 8414 §2. */
export interface Server {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly authorization_response_iss_parameter_supported?: boolean;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

export interface ClientCredentials {
  readonly clientId: string;
  /** Asked each time: some are made anew. Null: none. */
  readonly secret: () => Promise<string | null>;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Not verified. Null: none came. */
  readonly idToken: string | null;
}

export type AuthorizationParams = FlowSecrets & { readonly purpose: FlowPurpose; readonly loginHint?: string };

/** The protocol, as client: `openid-client` does it, and no ID token is judged here. Errors are the library's, OddAnswer or ProviderUnreachable. */
export class UpstreamClient {
  constructor(
    private readonly parts: UpstreamParts,
    private readonly credentials: ClientCredentials,
  ) {}

  /** With PKCE always: a provider that does not know it ignores it (RFC 7636 §5). */
  async authorizationUrl(
    server: Server,
    { state, nonce, codeVerifier, redirectUri, loginHint }: AuthorizationParams,
    more: Readonly<Record<string, string>>,
  ): Promise<URL> {
    const { library } = this.parts;
    const challenge = await library.calculatePKCECodeChallenge(codeVerifier);
    return library.buildAuthorizationUrl(await this.configuration(server, {}), {
      ...{ redirect_uri: redirectUri, state, nonce, code_challenge: challenge, code_challenge_method: 'S256' },
      ...(loginHint !== undefined && { login_hint: loginHint }),
      ...more,
    });
  }

  /** Compares `state` and `iss`, then exchanges the code. */
  async exchange(server: Server, callback: URL, { state, codeVerifier, redirectUri }: FlowSecrets): Promise<Tokens> {
    const seen: SeenTokens = {};
    const configuration = await this.configuration(server, seen);
    // Behind a proxy it came to another address than the browser's.
    const answer = new URL(redirectUri);
    answer.search = callback.search;
    const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
    return tokensOf(await this.parts.library.authorizationCodeGrant(configuration, answer, checks), seen);
  }

  /** @param seen filled in also where an error is thrown */
  async refresh(server: Server, refreshToken: string, seen: SeenTokens): Promise<Tokens> {
    const configuration = await this.configuration(server, seen);
    return tokensOf(await this.parts.library.refreshTokenGrant(configuration, refreshToken), seen);
  }

  private async configuration(server: Server, seen: SeenTokens): Promise<openidClient.Configuration> {
    const { library, fetch, mayBePlain } = this.parts;
    const secret = await this.credentials.secret();
    const authentication = authenticationOf(library, server.token_endpoint_auth_methods_supported, secret);
    const { token_endpoint_auth_methods_supported: _methods, ...metadata } = server;
    const configuration = new library.Configuration(metadata, this.credentials.clientId, {}, authentication);
    configuration[library.customFetch] = tokenFetch(fetch.fetch, seen) as openidClient.CustomFetch;
    if (mayBePlain) library.allowInsecureRequests(configuration);
    return configuration;
  }
}

/** RFC 8414 §2: a provider that says nothing takes the secret in the header. */
function authenticationOf(library: typeof openidClient, methods: readonly string[] | undefined, secret: string | null) {
  if (secret === null) return library.None();
  const isPosted = methods?.includes('client_secret_post') ?? false;
  return isPosted ? library.ClientSecretPost(secret) : library.ClientSecretBasic(secret);
}

function tokensOf(reply: openidClient.TokenEndpointResponse, seen: SeenTokens): Tokens {
  // An access token that is bound to a key is of no use here.
  if (reply.token_type !== 'bearer') throw new OddAnswer('token_type');
  return {
    accessToken: reply.access_token,
    refreshToken: reply.refresh_token ?? null,
    idToken: seen.idToken ?? null,
  };
}
