import type { JWTPayload } from 'jose';
import { AuthError } from '../../../kernel/auth-error.js';
import { addressIn, instantIn, isSubject, shownText, textsIn } from './claims.js';
import { readHeld, writeHeld } from './held-grant.js';
import { ProviderKeys } from './provider-keys.js';
import { type Metadata, ProviderMetadata } from './provider-metadata.js';
import { type TokenExpectations, verifyIdToken, verifyLogoutToken } from './provider-tokens.js';
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
  UpstreamClient,
  type UpstreamParts,
} from './upstream-client.js';
import { isRevoked, OddAnswer, plainCause, refusalOf } from './upstream-refusals.js';

type Claims = Readonly<Record<string, unknown>>;

export interface Seen {
  /** The document that names the address: whatever it leaves out about the address, no other document says. */
  readonly naming: Claims;
  /** The answer that the browser brought; nothing that it says is proven. */
  readonly callback: URL;
}

/** In what a provider differs from any other of OpenID Connect. */
export interface OidcDifferences {
  /** As its metadata names it, exactly. */
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** Where its metadata is, without `/.well-known/…`; default: at its issuer. */
  readonly discoveredAt?: string;
  /** The issuer that a token with these claims must have; default: `issuer`. */
  readonly issuerOf?: (claims: JWTPayload) => string | null;
  /** Sent to the authorization endpoint besides. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** By which it is asked to say when the user has logged in there (`auth_time`); default: nothing, it says so or does not. */
  readonly timeParameters?: Readonly<Record<string, string>>;
  /** Whether the provider understands `prompt` and `max_age`; default: true. */
  readonly canAskAnew?: boolean;
  /** The part of the identity that this provider expresses in its own way. */
  readonly identityOf?: (claims: Claims, seen: Seen) => Partial<UpstreamIdentity>;
  readonly leastSecondsBetweenChecks?: number;
  /** Whether its refresh tokens are never replaced, so that a lost answer loses nothing; default: false. */
  readonly keepsRefreshTokens?: boolean;
  /** Whether an ID token says all that is wanted besides name and address; userinfo is asked for the rest. Default: it does. */
  readonly isComplete?: (claims: Claims) => boolean;
}

type IdTokenClaims = JWTPayload & { readonly iss: string; readonly sub: string };

/** A provider of OpenID Connect, found by discovery. */
export class OidcUpstream extends Upstream {
  readonly issuer: string;
  override readonly leastSecondsBetweenChecks: number;
  private readonly metadata: ProviderMetadata;
  private readonly keys: ProviderKeys;
  private readonly client: UpstreamClient;

  constructor(
    private readonly differences: OidcDifferences,
    private readonly credentials: ClientCredentials,
    private readonly parts: UpstreamParts,
  ) {
    super();
    this.issuer = differences.issuer;
    this.leastSecondsBetweenChecks = differences.leastSecondsBetweenChecks ?? 0;
    this.metadata = new ProviderMetadata(this.issuer, differences.discoveredAt ?? this.issuer, parts);
    this.keys = new ProviderKeys(parts);
    this.client = new UpstreamClient(parts, credentials);
  }

  async authorizationUrl(params: AuthorizationParams): Promise<URL> {
    const metadata = await this.metadata.get();
    const { scopes, parameters = {}, timeParameters = {}, canAskAnew = true } = this.differences;
    const isAnew = params.purpose !== 'login' && canAskAnew;
    const anew = isAnew && { prompt: 'login', max_age: '0' };
    const all = { ...parameters, ...timeParameters, ...anew, scope: scopesFor(scopes, metadata) };
    return this.client.authorizationUrl(metadata, params, all).catch((error: unknown) => {
      throw refusalOf(error);
    });
  }

  async complete(callback: URL, flow: FlowSecrets): Promise<UpstreamLogin> {
    try {
      const metadata = await this.metadata.get();
      const { accessToken, refreshToken, idToken } = await this.client.exchange(metadata, callback, flow);
      if (idToken === null) throw new OddAnswer('id_token_missing');
      const claims = await verifyIdToken(idToken, this.expectations(metadata), flow.nonce);
      const identity = this.identity(claims, await this.userinfo(metadata, accessToken, claims), callback);
      if (!isSubject(identity.subject)) throw new OddAnswer('subject');
      const held = refreshToken === null ? null : writeHeld({ refreshToken, subject: claims.sub, issuer: claims.iss });
      return { identity, token: held };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async check(token: string): Promise<UpstreamCheck> {
    const held = readHeld(token);
    if (!held) return { outcome: 'unknown', cause: new Error('the stored token cannot be read') };
    const seen: SeenTokens = {};
    const next = () => writeHeld({ ...held, refreshToken: seen.refreshToken ?? held.refreshToken });
    try {
      const metadata = await this.metadata.get();
      const { idToken } = await this.client.refresh(metadata, held.refreshToken, seen);
      if (idToken === null) return { outcome: 'live', token: next() };
      const claims = await verifyIdToken(idToken, this.expectations(metadata), null);
      if (claims.sub !== held.subject || claims.iss !== held.issuer) throw new OddAnswer('id_token_of_another_user');
      return { outcome: 'live', token: next(), sessionExpiresAt: instantIn(claims.session_expiry) };
    } catch (error) {
      const { keepsRefreshTokens: isCertain = false } = this.differences;
      if (isRevoked(error)) return { outcome: 'revoked', isCertain };
      const cause = plainCause(error);
      return seen.refreshToken === undefined
        ? { outcome: 'unknown', cause }
        : { outcome: 'unknown', cause, token: next() };
    }
  }

  async readLogout(token: string): Promise<UpstreamLogout> {
    try {
      const claims = await verifyLogoutToken(token, this.expectations(await this.metadata.get()));
      const { iss: issuer, sub: subject, sid: sessionId, jti: tokenId, iat } = claims;
      return { issuer, subject, sessionId, tokenId, issuedAt: new Date(iat * 1000) };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 'unavailable') throw refusal;
      const { reason, cause } = refusal;
      throw new AuthError('validation_failed', { ...(reason !== undefined && { reason }), cause });
    }
  }

  private expectations({ jwks_uri: keysUri }: Metadata): TokenExpectations {
    const { issuerOf = () => this.issuer } = this.differences;
    const { clientId } = this.credentials;
    return { issuerOf, clientId, keys: this.keys.of(keysUri), now: this.parts.clock.now() };
  }

  /** Asked only for what the ID token leaves open; empty when there is nothing to ask. */
  private async userinfo(metadata: Metadata, accessToken: string, claims: IdTokenClaims): Promise<Claims> {
    const { isComplete: hasAll = () => true } = this.differences;
    const isComplete = claims.email !== undefined && claims.name !== undefined && hasAll(claims);
    const { userinfo_endpoint: address } = metadata;
    if (isComplete || address === undefined) return {};
    const found = await this.parts.fetch.json(address, { authorization: `Bearer ${accessToken}` });
    // Else one user's address could be had for another's subject (OpenID Connect Core §5.3.2).
    if (found.sub !== claims.sub) throw new OddAnswer('userinfo_of_another_user');
    return found;
  }

  private identity(claims: IdTokenClaims, userinfo: Claims, callback: URL): UpstreamIdentity {
    // An address and the word that it is verified count only where one document says both.
    const naming: Claims = claims.email === undefined ? userinfo : claims;
    const { email, email_verified: verified } = naming;
    const all = { ...userinfo, ...claims };
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: addressIn(email),
      emailVerified: addressIn(email) !== null && verified === true,
      name: shownText(all.name),
      amr: textsIn(claims.amr),
      authenticatedAt: instantIn(claims.auth_time),
      claims: all,
      sessionId: isSubject(claims.sid) ? claims.sid : null,
      sessionExpiresAt: instantIn(claims.session_expiry),
      ...this.differences.identityOf?.(all, { naming, callback }),
    };
  }
}

/** `offline_access` where the provider offers it: without a refresh token it cannot be seen whether a login still stands. */
function scopesFor(scopes: readonly string[], { scopes_supported: offered }: Metadata): string {
  const asked = scopes.filter((scope) => scope !== 'offline_access' || offered.includes(scope));
  return asked.join(' ');
}
