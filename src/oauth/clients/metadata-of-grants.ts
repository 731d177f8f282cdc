import { chosen, type GivenMetadata, isTextList, type MetadataBounds, type Tell } from './metadata-fields.js';
import { isCustomScheme, isLoopbackHttp, isLoopbackHttps } from './redirect-uris.js';

/** Grants that clients may use: none by which a client sees the user's password, or a browser's address a token. */
export const GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
const DEVICE_CODE = GRANT_TYPES[3];

/** The algorithms that may sign ID tokens: the cheap one, and the one that every client has to know (OpenID Connect Core §15.1). */
export const ID_TOKEN_ALGORITHMS = ['ES256', 'RS256'] as const;

/** The grant types that it may use, each once; suggested by its redirect URIs when absent. */
export function grantTypes(given: GivenMetadata, redirects: readonly string[], method: string, tell: Tell): string[] {
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
export function applicationType(
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

/** The algorithm that signs its ID tokens. */
export function idTokenAlgorithm(given: GivenMetadata, { allowsRs256 }: MetadataBounds, tell: Tell): string {
  const offered = allowsRs256 ? ID_TOKEN_ALGORITHMS : (['ES256'] as const);
  return chosen(given, 'id_token_signed_response_alg', offered, 'ES256', tell);
}
