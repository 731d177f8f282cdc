import { Logger } from '@nestjs/common';
import { AuthError } from '../../../kernel/auth-error.js';
import type { Clock } from '../../../kernel/clock.js';
import { SingleFlight } from '../../../kernel/single-flight.js';
import type { UpstreamFetch } from './upstream-fetch.js';
import { plainCause } from './upstream-refusals.js';

/** The part of a provider's discovery document that is used, under its own names (OpenID Connect Discovery 1.0 §3). */
export interface Metadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly authorization_response_iss_parameter_supported: boolean;
  readonly scopes_supported: readonly string[];
  /** Undefined: it does not say. */
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

const FRESH_SECONDS = 3_600;
const RETRY_SECONDS = 60;
const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/**
 * The discovery document of one provider: asked for when it is first needed and once an hour, and used for as long as no newer one can be had.
 * It must name exactly the configured issuer.
 */
export class ProviderMetadata {
  private readonly logger = new Logger('federated');
  private readonly flight = new SingleFlight(() => this.load());
  private known: Metadata | undefined;
  private nextAt = 0;

  private readonly clock: Clock;
  private readonly fetch: UpstreamFetch;

  constructor(
    private readonly issuer: string,
    private readonly base: string,
    { fetch, clock }: { readonly fetch: UpstreamFetch; readonly clock: Clock },
  ) {
    this.fetch = fetch;
    this.clock = clock;
  }

  /** @throws AuthError `unavailable` when there is none yet and none can be had */
  async get(): Promise<Metadata> {
    if (this.known && this.clock.now().getTime() < this.nextAt) return this.known;
    try {
      this.known = await this.flight.run();
      this.nextAt = this.clock.in(FRESH_SECONDS).getTime();
    } catch (error) {
      const cause = plainCause(error);
      if (!this.known) throw new AuthError('unavailable', { reason: 'provider_metadata_unavailable', cause });
      this.nextAt = this.clock.in(RETRY_SECONDS).getTime();
      this.logger.warn(`${this.issuer}: no new metadata, the last one stays in use: ${cause.message}`);
    }
    return this.known;
  }

  private async load(): Promise<Metadata> {
    const address = `${this.base.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = await this.fetch.json(address);
    // Exactly: a document that names another issuer would have its tokens accepted under this one's name.
    if (found.issuer !== this.issuer) throw new Error('the metadata names another issuer');
    for (const name of REQUIRED) if (!isEndpoint(found[name])) throw new Error(`the metadata has no usable ${name}`);
    const userinfo = found.userinfo_endpoint;
    const methods = found.token_endpoint_auth_methods_supported;
    return {
      issuer: this.issuer,
      authorization_endpoint: found.authorization_endpoint as string,
      token_endpoint: found.token_endpoint as string,
      jwks_uri: found.jwks_uri as string,
      ...(isEndpoint(userinfo) && { userinfo_endpoint: userinfo }),
      authorization_response_iss_parameter_supported: found.authorization_response_iss_parameter_supported === true,
      scopes_supported: texts(found.scopes_supported),
      ...(Array.isArray(methods) && { token_endpoint_auth_methods_supported: texts(methods) }),
    };
  }
}

/** Of the web: a browser is sent there. Whether it may be asked without encryption is for `PublicFetch` to say. */
function isEndpoint(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
