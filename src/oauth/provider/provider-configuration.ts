import { Injectable } from '@nestjs/common';
import type { Configuration } from 'oidc-provider';
import { coreOptions, isSecureOrigin } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { ID_LENGTHS } from '../artifacts/artifact-ids.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { oauthOptions } from '../oauth-options.js';
import { Accounts, CLAIMS } from './accounts.js';
import { SESSION } from './cookie-jar.js';
import { settleScopes } from './default-scopes.js';
import { GrantLoading } from './grant-loading.js';
import { interactionPolicy } from './interaction-policy.js';
import type { Library } from './library.js';
import { LibraryFetch } from './library-fetch.js';
import { LibraryKeys } from './library-keys.js';
import type { OAuthPages } from './oauth-pages.js';
import { OAUTH_TTL } from './oauth-ttl.js';
import { OFFLINE_PARAM } from './offline-requests.js';
import { ProviderAdapters } from './provider-adapters.js';
import { ProviderFeatures } from './provider-features.js';
import { TokenClaims } from './token-claims.js';

const DAY = 86_400;
/** Each is remembered until it expires, so that it is good once; RFC 7523 §3 lets us refuse what would have to be for years. */
const LONGEST_ASSERTION_SECONDS = DAY;

/** The one configuration of the library. */
@Injectable()
export class ProviderConfiguration {
  constructor(
    private readonly options: Options,
    private readonly keys: LibraryKeys,
    private readonly clients: OAuthClients,
    private readonly adapters: ProviderAdapters,
    private readonly accounts: Accounts,
    private readonly grants: GrantLoading,
    private readonly features: ProviderFeatures,
    private readonly claims: TokenClaims,
    private readonly fetching: LibraryFetch,
  ) {}

  of(library: Library, pages: OAuthPages): Configuration {
    const { algorithm } = this.keys;
    return {
      adapter: (kind: string) => this.adapters.of(library, kind),
      jwks: this.keys.keySet(library),
      clientDefaults: { id_token_signed_response_alg: algorithm as 'ES256' },
      features: this.features.of(library, pages),
      interactions: {
        policy: interactionPolicy(library, this.clients),
        url: (ctx, found) => pages.interactionUrl(ctx, found),
      },
      renderError: (ctx, out, error) => pages.renderError(ctx, out, error),
      findAccount: this.accounts.find,
      loadExistingGrant: (ctx) => this.grants.load(ctx),
      claims: CLAIMS as unknown as NonNullable<Configuration['claims']>,
      conformIdTokenClaims: false,
      extraParams: { [OFFLINE_PARAM]: (ctx) => settleScopes(library, ctx) },
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      responseTypes: ['code'],
      pkce: { required: (_ctx, client) => this.mustProve(client.clientId) },
      clientAuthMethods: this.authMethods(),
      assertJwtClientAuthClaimsAndHeader: async (_ctx, { exp }) => this.assertEndsSoon(library, exp),
      clientBasedCORS: (_ctx, origin, { redirectUris = [] }) => redirectUris.some((uri) => originOf(uri) === origin),
      rotateRefreshToken: true,
      issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
      // The gate judges sessions at each grant, without the library's second look.
      expiresWithSession: async () => false,
      extraTokenClaims: (_ctx, token) => this.claims.of(library, token),
      formats: {
        bitsOfOpaqueRandomness: (_ctx, { kind }) => 6 * lengthOf(kind),
        customizers: {
          jwt: (_ctx, _token, jwt) => {
            jwt.header = { ...jwt.header, cck: 'grant' };
            return jwt;
          },
        },
      },
      fetch: this.fetching.fetch as NonNullable<Configuration['fetch']>,
      allowOmittingSingleRegisteredRedirectUri: false,
      ...this.shape(),
    } as Configuration;
  }

  /** Paths, cookies, lives. */
  private shape(): Partial<Configuration> {
    const core = this.options.of(coreOptions);
    const secure = isSecureOrigin(core);
    const prefix = secure ? '__Secure-' : '';
    const { oauthAccessTokenSeconds, oauthRefreshTokenSeconds } = this.options.of(oauthOptions);
    const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: false } as const;
    return {
      cookies: {
        names: { session: SESSION, interaction: `${prefix}oauth-interaction`, resume: `${prefix}oauth-resume` },
        long: cookie,
        short: cookie,
      },
      routes: {
        authorization: '/oauth/authorize',
        token: '/oauth/token',
        pushed_authorization_request: '/oauth/par',
        introspection: '/oauth/introspect',
        revocation: '/oauth/revoke',
        userinfo: '/oauth/userinfo',
        device_authorization: '/oauth/device/authorize',
        code_verification: '/oauth/device',
        end_session: '/oauth/logout',
        registration: '/oauth/register',
        jwks: '/.well-known/jwks.json',
      },
      ttl: {
        ...OAUTH_TTL,
        AccessToken: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? oauthAccessTokenSeconds,
        ClientCredentials: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? oauthAccessTokenSeconds,
        RefreshToken: ({ oidc }) => Math.min(oauthRefreshTokenSeconds, secondsLeft(oidc.entities.Grant)),
        Grant: 365 * DAY,
        Session: 30 * DAY,
      },
    } as Partial<Configuration>;
  }

  private authMethods(): NonNullable<Configuration['clientAuthMethods']> {
    const byCertificate = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;
    const always = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
    return [...always, ...(this.features.readsCertificates ? byCertificate : [])];
  }

  /** @throws the library's `invalid_client` for an assertion that is good for longer than a day */
  private assertEndsSoon({ errors }: Library, exp: unknown): void {
    const latest = Math.floor(Date.now() / 1000) + LONGEST_ASSERTION_SECONDS;
    if (typeof exp === 'number' && exp <= latest) return;
    throw new errors.InvalidClientAuth('the client_assertion expires too late');
  }

  /** Of every client, unless an admin has lifted it from a confidential one. In the view since the client was found. */
  private mustProve(clientId: string): boolean {
    const client = this.clients.find(clientId);
    return client === null || client instanceof Promise || client.requiresPkce || !client.isConfidential;
  }
}

/** A refresh token never outlives its grant. */
function secondsLeft(grant: { exp?: number } | undefined): number {
  return Math.max(1, (grant?.exp ?? Number.POSITIVE_INFINITY) - Math.floor(Date.now() / 1000));
}

function lengthOf(kind: string): number {
  return (ID_LENGTHS as Record<string, number>)[kind] ?? 43;
}

function originOf(uri: string): string | null {
  return URL.canParse(uri) ? new URL(uri).origin : null;
}
