import type * as client from 'openid-client';
import { AuthError } from '../../../kernel/auth-error.js';
import type { Connection } from '../connections/connection.js';
import {
  type FlowPurpose,
  type FlowSecrets,
  Upstream,
  type UpstreamCheck,
  type UpstreamLogin,
  type UpstreamLogout,
} from './upstream.js';

/** OpenID Connect by discovery. */
export class PlainUpstream extends Upstream {
  private constructor(
    private readonly library: typeof client,
    private readonly configuration: client.Configuration,
    private readonly connection: Connection,
  ) {
    super();
  }

  static async discover(connection: Connection, secret: string | null): Promise<PlainUpstream> {
    const library = await import('openid-client');
    const issuer = new URL(connection.issuer!);
    const options = issuer.protocol === 'http:' ? { execute: [library.allowInsecureRequests] } : {};
    const configuration = await library
      .discovery(issuer, connection.clientId, secret ?? undefined, undefined, options)
      .catch((cause) => {
        throw new AuthError('unavailable', { reason: 'upstream_discovery', cause });
      });
    library.enableNonRepudiationChecks(configuration);
    return new PlainUpstream(library, configuration, connection);
  }

  get issuer(): string {
    return this.configuration.serverMetadata().issuer;
  }

  async authorizationUrl(flow: FlowSecrets & { purpose: FlowPurpose; loginHint?: string }): Promise<URL> {
    return this.library.buildAuthorizationUrl(this.configuration, {
      redirect_uri: flow.redirectUri,
      scope: (this.connection.settings.scopes ?? ['openid', 'email', 'profile']).join(' '),
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await this.library.calculatePKCECodeChallenge(flow.codeVerifier),
      code_challenge_method: 'S256',
      ...(flow.loginHint && { login_hint: flow.loginHint }),
      ...(flow.purpose !== 'login' && { prompt: 'login', max_age: '0' }),
    });
  }

  async complete(callback: URL, flow: FlowSecrets): Promise<UpstreamLogin> {
    try {
      const tokens = await this.library.authorizationCodeGrant(this.configuration, callback, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
      const identity = {
        issuer: claims.iss,
        subject: claims.sub,
        email: text(claims.email),
        emailVerified: claims.email_verified === true,
        name: text(claims.name),
        amr: Array.isArray(claims.amr) ? claims.amr.map(String) : [],
        authenticatedAt: typeof claims.auth_time === 'number' ? new Date(claims.auth_time * 1000) : null,
        claims,
        sessionId: text(claims.sid),
        sessionExpiresAt: null,
      };
      return { identity, token: tokens.refresh_token ?? null };
    } catch (cause) {
      throw new AuthError('invalid_credentials', { reason: 'upstream_refused', cause });
    }
  }

  async check(): Promise<UpstreamCheck> {
    return { outcome: 'unknown', cause: 'not looked at' };
  }

  async readLogout(): Promise<UpstreamLogout> {
    throw new AuthError('validation_failed', { reason: 'no_logout' });
  }
}
