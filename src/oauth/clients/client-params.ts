import type { ClientMetadata } from './oauth-client.js';

/** A client as admins and the options' file describe it. */
export interface ClientParams {
  readonly name: string;
  readonly type: 'confidential' | 'public';
  readonly redirectUris?: readonly string[] | undefined;
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly grantTypes?: readonly string[] | undefined;
  readonly tokenEndpointAuthMethod?: string | undefined;
  /** RFC 7517; null: none. */
  readonly jwks?: unknown;
  readonly jwksUri?: string | null | undefined;
  readonly tlsClientAuthSubjectDn?: string | null | undefined;
  readonly tlsClientAuthSanDns?: string | null | undefined;
  readonly tlsClientAuthSanUri?: string | null | undefined;
  /** Null: all, of one that registered itself; no other may have them all. */
  readonly scopes?: readonly string[] | null | undefined;
  /** Null: all, of one that registered itself. */
  readonly resources?: readonly string[] | null | undefined;
  readonly defaultResource?: string | null | undefined;
  readonly firstParty?: boolean | undefined;
  readonly requirePkce?: boolean | undefined;
  readonly idTokenSignedResponseAlg?: string | undefined;
  readonly backchannelLogoutUri?: string | null | undefined;
  readonly dpopBoundAccessTokens?: boolean | undefined;
  readonly tlsClientCertificateBoundAccessTokens?: boolean | undefined;
  readonly requirePushedAuthorizationRequests?: boolean | undefined;
  readonly serviceUserId?: string | null | undefined;
}

/** The parameters that are client metadata, with their names there (RFC 7591 §2). */
const METADATA_FIELDS = {
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  grantTypes: 'grant_types',
  tokenEndpointAuthMethod: 'token_endpoint_auth_method',
  jwks: 'jwks',
  jwksUri: 'jwks_uri',
  tlsClientAuthSubjectDn: 'tls_client_auth_subject_dn',
  tlsClientAuthSanDns: 'tls_client_auth_san_dns',
  tlsClientAuthSanUri: 'tls_client_auth_san_uri',
  idTokenSignedResponseAlg: 'id_token_signed_response_alg',
  backchannelLogoutUri: 'backchannel_logout_uri',
  dpopBoundAccessTokens: 'dpop_bound_access_tokens',
  tlsClientCertificateBoundAccessTokens: 'tls_client_certificate_bound_access_tokens',
  requirePushedAuthorizationRequests: 'require_pushed_authorization_requests',
} as const satisfies Partial<Record<keyof ClientParams, string>>;

type MetadataField = keyof typeof METADATA_FIELDS;
const FIELDS = Object.entries(METADATA_FIELDS) as [MetadataField, string][];

/** The metadata that the params name; what they leave out keeps its value in `before`. */
export function metadataIn(params: Partial<ClientParams>, before: ClientMetadata = {}): ClientMetadata {
  const named = FIELDS.filter(([field]) => params[field] !== undefined).map(([field, name]) => [name, params[field]]);
  return { ...before, ...Object.fromEntries(named) };
}

/** The metadata by the names that admins use; what is absent is null. */
export function paramsIn(metadata: ClientMetadata): Readonly<Record<MetadataField, unknown>> {
  return Object.fromEntries(FIELDS.map(([field, name]) => [field, metadata[name] ?? null])) as never;
}

/** The name that admins use for a field of the metadata. */
export function fieldOf(metadataName: string): string {
  return FIELDS.find(([, name]) => name === metadataName)?.[0] ?? metadataName;
}
