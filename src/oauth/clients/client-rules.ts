import type { FieldError } from '../../kernel/auth-error.js';
import { checkedMetadata } from './client-metadata.js';
import { type ClientParams, fieldOf, metadataIn } from './client-params.js';
import type { MetadataBounds } from './metadata-fields.js';
import type { ClientMetadata } from './oauth-client.js';

/** A client that fits, but for what only the database knows; or all that is wrong with it, by the names that admins use. */
export type CheckedClient =
  | { readonly metadata: ClientMetadata; readonly errors?: undefined }
  | { readonly metadata?: undefined; readonly errors: readonly FieldError[] };

const ONLY_REGISTERED = 'must be a list: null (all) is only for a client that registered itself';

/**
 * Checks what a client is to be, as a whole.
 *
 * @param before the metadata that `params` change; they then hold everything else as it will be
 * @param mayHaveAll whether it may ask for all there is: its users are always asked
 */
export function checkedClient(
  params: ClientParams,
  bounds: MetadataBounds,
  before?: ClientMetadata,
  mayHaveAll = false,
): CheckedClient {
  const errors: FieldError[] = [];
  const tell = (field: string, message: string) =>
    errors.push({ field, rule: 'fitsClient', message: `${field} ${message}` });
  const { type, serviceUserId = null, requirePkce = true } = params;
  const usual = type === 'public' ? 'none' : 'client_secret_basic';
  const acts = before === undefined && params.grantTypes === undefined && serviceUserId !== null;
  const grantTypes = acts ? usualGrantTypes(params) : params.grantTypes;
  const given = metadataIn(
    { ...params, grantTypes, tokenEndpointAuthMethod: params.tokenEndpointAuthMethod ?? (before ? undefined : usual) },
    before,
  );
  const { metadata, problems = [] } = checkedMetadata(given, bounds);
  for (const { field, message } of problems) tell(fieldOf(field), message);
  const isPublic = given.token_endpoint_auth_method === 'none';
  if (isPublic !== (type === 'public')) {
    tell(
      'tokenEndpointAuthMethod',
      type === 'public' ? 'must be none for a public client' : 'must not be none for a confidential client',
    );
  }
  const grants = (given.grant_types ?? []) as readonly unknown[];
  const actsForItself = Array.isArray(grants) && grants.includes('client_credentials');
  if (actsForItself && serviceUserId === null) tell('serviceUserId', 'is required with client_credentials');
  if (!actsForItself && serviceUserId !== null)
    tell('grantTypes', 'must contain client_credentials if there is a service user');
  if (!requirePkce && isPublic) tell('requirePkce', 'must be true for a public client');
  const { scopes, resources, defaultResource = null } = params;
  if (scopes === null && !mayHaveAll) tell('scopes', ONLY_REGISTERED);
  if (resources === null && !mayHaveAll) tell('resources', ONLY_REGISTERED);
  if (defaultResource !== null && !resources?.includes(defaultResource))
    tell('defaultResource', 'must be one of resources');
  return metadata && errors.length === 0 ? { metadata } : { errors };
}

function usualGrantTypes({ redirectUris = [] }: ClientParams): string[] {
  const ofUsers = redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : [];
  return [...ofUsers, 'client_credentials'];
}
