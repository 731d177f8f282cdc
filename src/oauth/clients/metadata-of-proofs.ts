import { clientKeysProblem } from './client-keys.js';
import { calledUri, type GivenMetadata, isText, type MetadataBounds, type Tell } from './metadata-fields.js';

/** How clients prove themselves. `client_secret_jwt` is not among them: for it secrets would have to be stored in the clear. */
export const AUTH_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;
const WITH_KEYS: readonly string[] = ['private_key_jwt', 'self_signed_tls_client_auth'];
/** Those that need a certificate at the connection (RFC 8705 §2). */
export const MUTUAL_TLS: readonly string[] = ['tls_client_auth', 'self_signed_tls_client_auth'];

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
/** Whether a client proves itself by a secret. */
export function usesSecret({ token_endpoint_auth_method: method }: GivenMetadata): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/** The client's public keys, or where they are. */
export function keys(given: GivenMetadata, method: string, tell: Tell): object {
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

/** The one name in certificates that it is known by (RFC 8705 §2.1.2). */
export function certificateSubject(given: GivenMetadata, method: string, tell: Tell): object {
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

/** The additional requirements for its requests and tokens. */
export function flags(given: GivenMetadata, { readsCertificates }: MetadataBounds, tell: Tell): object {
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
