import { clientKeysProblem } from './client-keys.js';
import type { ClientMetadata } from './oauth-client.js';
import {
  calledUriProblem,
  isCustomScheme,
  isLoopbackHttp,
  isLoopbackHttps,
  redirectUriProblem,
} from './redirect-uris.js';

/** Grants that clients may use (O-3). */
export const GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
const DEVICE_CODE = GRANT_TYPES[3];

/** How clients prove themselves (O-5). None needs a secret in clear. */
export const AUTH_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;
const WITH_KEYS: readonly string[] = ['private_key_jwt', 'self_signed_tls_client_auth'];
const MUTUAL_TLS: readonly string[] = ['tls_client_auth', 'self_signed_tls_client_auth'];

export const ID_TOKEN_ALGORITHMS = ['ES256', 'RS256'] as const;

const MOST_URIS = 50;
const CERTIFICATE_SUBJECTS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
] as const;
const FLAGS = [
  'dpop_bound_access_tokens',
  'tls_client_certificate_bound_access_tokens',
  'require_pushed_authorization_requests',
] as const;
/** Shown to people only, never fetched. */
const SHOWN_URIS = ['client_uri', 'policy_uri', 'tos_uri', 'logo_uri'] as const;

/** Whether a client proves itself by a secret. */
export function usesSecret({ token_endpoint_auth_method: method }: ClientMetadata): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/** What is wrong with one field, by its RFC 7591 name. */
export interface MetadataProblem {
  readonly field: string;
  /** Goes on after the name of the field: `must be …`. */
  readonly message: string;
}

/** What this service can do, which clients must fit. */
export interface MetadataBounds {
  readonly allowsRs256: boolean;
  readonly readsCertificates: boolean;
}

/** Metadata that fits, as it is kept; or all that is wrong with it. */
export type CheckedMetadata =
  | { readonly metadata: ClientMetadata; readonly problems?: undefined }
  | { readonly metadata?: undefined; readonly problems: readonly MetadataProblem[] };

/** Tells what is wrong with one field. */
type Tell = (field: string, message: string) => void;

/**
 * Client metadata (RFC 7591 §2) as it may be kept: known fields only, each of its form, and fitting each other. What the fields imply
 * (`response_types`, `application_type`) is filled in; `scope` is left out, for here scopes belong to resources.
 */
export function checkedMetadata(given: Readonly<Record<string, unknown>>, bounds: MetadataBounds): CheckedMetadata {
  const problems: MetadataProblem[] = [];
  const tell: Tell = (field, message) => problems.push({ field, message });
  const redirects = uris(given, 'redirect_uris', redirectUriProblem, tell);
  const afterLogout = uris(given, 'post_logout_redirect_uris', redirectUriProblem, tell);
  const method = chosen(given, 'token_endpoint_auth_method', AUTH_METHODS, 'client_secret_basic', tell);
  const grants = grantTypes(given, redirects, method, tell);
  if (MUTUAL_TLS.includes(method) && !bounds.readsCertificates)
    tell('token_endpoint_auth_method', 'must be another one: this service reads no client certificates');
  const metadata: Record<string, unknown> = {
    redirect_uris: redirects,
    post_logout_redirect_uris: afterLogout,
    grant_types: grants,
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: method,
    application_type: applicationType(redirects, afterLogout, method, tell),
    id_token_signed_response_alg: idTokenAlgorithm(given, bounds, tell),
    subject_type: 'public',
    ...keys(given, method, tell),
    ...certificateSubject(given, method, tell),
    ...flags(given, bounds, tell),
    ...calledUris(given, tell),
    ...shown(given, tell),
  };
  return problems.length > 0 ? { problems } : { metadata };
}

function uris(
  given: Readonly<Record<string, unknown>>,
  field: string,
  problemOf: (uri: string) => string | null,
  tell: Tell,
): string[] {
  const value = given[field] ?? [];
  if (!isTextList(value)) {
    tell(field, 'must be a list of texts');
    return [];
  }
  if (value.length > MOST_URIS) tell(field, `must have at most ${MOST_URIS} entries`);
  if (new Set(value).size < value.length) tell(field, 'must not contain an entry twice');
  const problem = value.map(problemOf).find((one) => one !== null);
  if (problem) tell(field, `must contain only valid URIs: each ${problem}`);
  return [...value];
}

function grantTypes(
  given: Readonly<Record<string, unknown>>,
  redirects: readonly string[],
  method: string,
  tell: Tell,
): string[] {
  const value = given.grant_types ?? (redirects.length > 0 ? ['authorization_code', 'refresh_token'] : undefined);
  if (value === undefined) {
    tell('redirect_uris', 'must not be empty for a client that logs users in');
    return [];
  }
  if (!isTextList(value) || value.length === 0 || !value.every((one) => GRANT_TYPES.includes(one as never))) {
    tell('grant_types', `must be a list of: ${GRANT_TYPES.join(', ')}`);
    return [];
  }
  const grants = [...new Set(value)];
  const usesCode = grants.includes('authorization_code');
  if (usesCode && redirects.length === 0) tell('redirect_uris', 'must not be empty with authorization_code');
  if (!usesCode && redirects.length > 0)
    tell('grant_types', 'must contain authorization_code if there are redirect URIs');
  if (grants.includes('refresh_token') && !usesCode && !grants.includes(DEVICE_CODE))
    tell('grant_types', `must contain authorization_code or ${DEVICE_CODE} beside refresh_token`);
  if (grants.includes('client_credentials') && method === 'none')
    tell('grant_types', 'must not contain client_credentials for a public client');
  return grants;
}

/** By what the addresses are: the library compares loopback addresses of native ones without their ports (RFC 8252 §7.3). */
function applicationType(
  redirects: readonly string[],
  afterLogout: readonly string[],
  method: string,
  tell: Tell,
): 'web' | 'native' {
  const all = [...redirects, ...afterLogout];
  const isNative = all.some((uri) => isCustomScheme(uri) || (method === 'none' && isLoopbackHttp(uri)));
  if (isNative && all.some(isLoopbackHttps))
    tell('redirect_uris', 'must not mix https to a loopback address with those of a native application');
  return isNative ? 'native' : 'web';
}

function idTokenAlgorithm(
  given: Readonly<Record<string, unknown>>,
  { allowsRs256 }: MetadataBounds,
  tell: Tell,
): string {
  const offered = allowsRs256 ? ID_TOKEN_ALGORITHMS : (['ES256'] as const);
  return chosen(given, 'id_token_signed_response_alg', offered, 'ES256', tell);
}

function keys(given: Readonly<Record<string, unknown>>, method: string, tell: Tell): object {
  const { jwks, jwks_uri: uri } = given;
  const hasKeys = jwks !== undefined && jwks !== null;
  const hasUri = uri !== undefined && uri !== null;
  if (hasKeys && hasUri) tell('jwks_uri', 'must be absent beside jwks');
  if (WITH_KEYS.includes(method) && !hasKeys && !hasUri) tell('jwks', `is required with ${method}, or jwks_uri`);
  if (hasKeys) {
    const problem = clientKeysProblem(jwks, { needCertificates: method === 'self_signed_tls_client_auth' });
    if (problem) tell('jwks', problem);
    return { jwks };
  }
  return hasUri ? calledUri('jwks_uri', uri, tell) : {};
}

function certificateSubject(given: Readonly<Record<string, unknown>>, method: string, tell: Tell): object {
  const named = CERTIFICATE_SUBJECTS.filter((field) => given[field] !== undefined && given[field] !== null);
  for (const field of named) {
    if (!isText(given[field], 1_000)) tell(field, 'must be a text of at most 1,000 characters');
    if (method !== 'tls_client_auth') tell(field, 'must be absent without tls_client_auth');
  }
  if (method === 'tls_client_auth' && named.length !== 1)
    tell(
      'tls_client_auth_subject_dn',
      `is required with tls_client_auth, or one of: ${CERTIFICATE_SUBJECTS.slice(1).join(', ')}`,
    );
  return Object.fromEntries(named.map((field) => [field, given[field]]));
}

function flags(given: Readonly<Record<string, unknown>>, { readsCertificates }: MetadataBounds, tell: Tell): object {
  const set = [...FLAGS, 'require_auth_time'].filter((field) => given[field] !== undefined && given[field] !== null);
  for (const field of set) if (typeof given[field] !== 'boolean') tell(field, 'must be true or false');
  if (given.dpop_bound_access_tokens === true && given.tls_client_certificate_bound_access_tokens === true)
    tell('dpop_bound_access_tokens', 'must be false beside tls_client_certificate_bound_access_tokens');
  if (given.tls_client_certificate_bound_access_tokens === true && !readsCertificates)
    tell('tls_client_certificate_bound_access_tokens', 'must be false: this service reads no client certificates');
  const age = given.default_max_age ?? undefined;
  if (age !== undefined && !(Number.isSafeInteger(age) && Number(age) >= 0))
    tell('default_max_age', 'must be a whole number of seconds');
  const kept = Object.fromEntries(set.map((field) => [field, given[field]]));
  return age === undefined ? kept : { ...kept, default_max_age: age };
}

function calledUris(given: Readonly<Record<string, unknown>>, tell: Tell): object {
  const { backchannel_logout_uri: logout, initiate_login_uri: initiate } = given;
  const isTold = logout !== undefined && logout !== null;
  return {
    // Every client that is told learns which session it was.
    ...(isTold && { ...calledUri('backchannel_logout_uri', logout, tell), backchannel_logout_session_required: true }),
    ...(initiate !== undefined && initiate !== null && httpsUri('initiate_login_uri', initiate, tell)),
  };
}

function shown(given: Readonly<Record<string, unknown>>, tell: Tell): object {
  const uriFields = SHOWN_URIS.filter((field) => given[field] !== undefined && given[field] !== null);
  const shownUris = uriFields.map((field) => calledUri(field, given[field], tell));
  const { contacts } = given;
  if (contacts === undefined || contacts === null) return Object.assign({}, ...shownUris);
  const areAddresses = isTextList(contacts) && contacts.length <= 10 && contacts.every((one) => CONTACT.test(one));
  if (!areAddresses) tell('contacts', 'must be a list of at most 10 e-mail addresses');
  return Object.assign({}, ...shownUris, { contacts });
}

const CONTACT = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9-]{1,63}(\.[a-zA-Z0-9-]{1,63}){0,10}$/;

function calledUri(field: string, value: unknown, tell: Tell): object {
  const problem = typeof value === 'string' ? calledUriProblem(value) : 'must be a text';
  if (problem) tell(field, problem);
  return { [field]: value };
}

function httpsUri(field: string, value: unknown, tell: Tell): object {
  if (typeof value !== 'string' || !value.startsWith('https://')) tell(field, 'must be an https URI');
  return calledUri(field, value, tell);
}

function chosen<T extends string>(
  given: Readonly<Record<string, unknown>>,
  field: string,
  of: readonly T[],
  usual: T,
  tell: Tell,
): T {
  const value = given[field] ?? usual;
  if (of.includes(value as T)) return value as T;
  tell(field, `must be one of: ${of.join(', ')}`);
  return usual;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most && /^[^\p{Cc}\p{Cs}]*$/u.test(value);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
