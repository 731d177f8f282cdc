import {
  chosen,
  type GivenMetadata,
  type MetadataBounds,
  type MetadataProblem,
  type Tell,
  uris,
} from './metadata-fields.js';
import { calledUris, shown } from './metadata-of-addresses.js';
import { applicationType, grantTypes, idTokenAlgorithm } from './metadata-of-grants.js';
import { AUTH_METHODS, certificateSubject, flags, keys, MUTUAL_TLS } from './metadata-of-proofs.js';
import type { ClientMetadata } from './oauth-client.js';
import { redirectUriProblem } from './redirect-uris.js';

/** Metadata that fits, as it is kept; or all that is wrong with it. */
export type CheckedMetadata =
  | { readonly metadata: ClientMetadata; readonly problems?: undefined }
  | { readonly metadata?: undefined; readonly problems: readonly MetadataProblem[] };

/**
 * Client metadata (RFC 7591 §2) as it may be kept: known fields only, each of its form, and fitting each other. What the fields imply
 * (`response_types`, `application_type`) is filled in; `scope` is left out, for here scopes belong to resources.
 */
export function checkedMetadata(given: GivenMetadata, bounds: MetadataBounds): CheckedMetadata {
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
