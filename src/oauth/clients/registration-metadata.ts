import { SCOPE } from '../../access/scope-policy.js';
import { frozenJson } from '../../kernel/json-object.js';
import { OIDC_SCOPES } from '../resources/oauth-resource.js';
import { checkedMetadata } from './client-metadata.js';
import type { MetadataBounds } from './metadata-fields.js';
import { GRANT_TYPES } from './metadata-of-grants.js';
import type { ClientMetadata } from './oauth-client.js';
import { RegistrationRefused } from './registration-refused.js';

/** A client that wants to be registered, checked. */
export interface WishedClient {
  readonly name: string;
  readonly metadata: ClientMetadata;
  /** Of APIs; whether there are such ones has not been asked. Empty: it named none. */
  readonly scopes: readonly string[];
  /** Of OpenID Connect, which need no entry. */
  readonly oidcScopes: readonly string[];
}

/** Who may register what. */
export interface RegistrationBounds extends MetadataBounds {
  /** False: the client is public, whatever it wishes, and this service calls no address of its. */
  readonly mayBeConfidential: boolean;
}

const MOST_BYTES = 20_000;
const MOST_NAME = 100;
const MOST_SCOPES = 200;
/** Fields that only a client let in by an admin here can use. */
const OF_CONFIDENTIAL_ONES = [
  'jwks',
  'jwks_uri',
  'backchannel_logout_uri',
  'initiate_login_uri',
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
] as const;
const SECRET_METHODS: readonly unknown[] = ['client_secret_basic', 'client_secret_post', undefined];

/**
 * The metadata of a client (RFC 7591 §2), as it may be kept. Unknown fields are left out, and grants that are not for such clients; a
 * client that may not have a secret gets none, as the reply tells it (§2: the server may replace what is asked for).
 *
 * @throws RegistrationRefused
 */
export function wishedClient(body: unknown, bounds: RegistrationBounds): WishedClient {
  const given = plainObject(body);
  const { metadata, problems } = checkedMetadata(adjusted(given, bounds), bounds);
  if (!metadata) {
    const [{ field, message }] = problems as [(typeof problems)[number]];
    const error = field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
    throw new RegistrationRefused(400, error, `${field} ${message}`);
  }
  const scopes = scopesIn(given.scope);
  return {
    name: nameIn(given, metadata),
    metadata,
    scopes: scopes.filter((scope) => !OIDC_SCOPES.includes(scope)),
    oidcScopes: scopes.filter((scope) => OIDC_SCOPES.includes(scope)),
  };
}

/** @throws RegistrationRefused */
export function plainObject(body: unknown): Readonly<Record<string, unknown>> {
  try {
    return frozenJson(body, MOST_BYTES);
  } catch (error) {
    throw new RegistrationRefused(400, 'invalid_client_metadata', `the body ${(error as Error).message}`);
  }
}

function adjusted(given: Readonly<Record<string, unknown>>, { mayBeConfidential }: RegistrationBounds) {
  // RFC 7591 §2: what the client leaves out by null is absent.
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { response_types: responses, grant_types: grants, token_endpoint_auth_method: method } = named;
  if (responses !== undefined && !(Array.isArray(responses) && responses.includes('code')))
    throw new RegistrationRefused(400, 'invalid_client_metadata', 'response_types must contain code');
  if (Array.isArray(grants)) {
    const kept = grants.filter((one) => GRANT_TYPES.includes(one) && one !== 'client_credentials');
    if (kept.length > 0) named.grant_types = kept;
  }
  if (mayBeConfidential) return named;
  if (method !== 'none' && !SECRET_METHODS.includes(method))
    throw new RegistrationRefused(400, 'invalid_client_metadata', 'token_endpoint_auth_method must be none');
  for (const field of OF_CONFIDENTIAL_ONES) delete named[field];
  return { ...named, token_endpoint_auth_method: 'none' };
}

function nameIn({ client_name: name }: Readonly<Record<string, unknown>>, metadata: ClientMetadata): string {
  if (name === undefined || name === null || name === '') return hostOf((metadata.redirect_uris as string[])[0]);
  if (isShownName(name)) return name;
  const message = `client_name must have 1 to ${MOST_NAME} visible characters`;
  throw new RegistrationRefused(400, 'invalid_client_metadata', message);
}

/** Whether it may be shown to people as the name that a client has given itself: nothing in it is invisible, or turns what stands around it. */
export function isShownName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MOST_NAME && /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(name);
}

function hostOf(uri: string | undefined): string {
  return uri === undefined ? 'Unnamed' : new URL(uri).host || new URL(uri).protocol;
}

function scopesIn(scope: unknown): string[] {
  if (scope === undefined || scope === null) return [];
  if (typeof scope !== 'string')
    throw new RegistrationRefused(400, 'invalid_client_metadata', 'scope must be a text of scopes with spaces between');
  const scopes = [...new Set(scope.split(' ').filter((one) => SCOPE.test(one)))];
  if (scopes.length <= MOST_SCOPES) return scopes;
  throw new RegistrationRefused(400, 'invalid_client_metadata', `scope must name at most ${MOST_SCOPES} scopes`);
}
