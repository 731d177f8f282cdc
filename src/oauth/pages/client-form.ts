import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsText } from '../../http/is-text.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';
import { AuthError } from '../../kernel/auth-error.js';
import type { OAuthClientReply } from '../clients/clients.replies.js';
import type { ClientFields } from './admin-clients.template.js';

const LONG = 20_000;
/** Stands in a field for all there is: an empty one is none. */
const ALL = '*';

/** The form of a client. Lists are texts, one entry a line; what is empty is absent. */
export class ClientForm {
  @IsText(100)
  name!: string;

  @IsIn(['confidential', 'public'])
  type!: 'confidential' | 'public';

  @IsText(LONG)
  redirectUris!: string;

  @IsText(LONG)
  postLogoutRedirectUris!: string;

  @MaxDepth(1)
  @IsOptional()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  grantTypes?: string | string[];

  @IsText(100)
  tokenEndpointAuthMethod!: string;

  @IsText(LONG)
  jwks!: string;

  @IsText(2_000)
  jwksUri!: string;

  @IsText(LONG)
  scopes!: string;

  @IsText(LONG)
  resources!: string;

  @IsText(500)
  defaultResource!: string;

  @IsOptional()
  @IsIn(['on'])
  firstParty?: 'on';

  @IsOptional()
  @IsIn(['on'])
  requirePkce?: 'on';

  @IsText(100)
  idTokenSignedResponseAlg!: string;

  @IsText(2_000)
  backchannelLogoutUri!: string;

  @IsText(100)
  serviceUserId!: string;
}

export const NO_CLIENT: ClientFields = {
  name: '',
  type: 'confidential',
  redirectUris: '',
  postLogoutRedirectUris: '',
  grantTypes: ['authorization_code', 'refresh_token'],
  tokenEndpointAuthMethod: '',
  jwks: '',
  jwksUri: '',
  scopes: '',
  resources: '',
  defaultResource: '',
  firstParty: false,
  requirePkce: true,
  idTokenSignedResponseAlg: 'ES256',
  backchannelLogoutUri: '',
  serviceUserId: '',
};

/** A client as its form shows it. */
export function fieldsOf(client: OAuthClientReply): ClientFields {
  const { jwks, jwksUri, defaultResource, backchannelLogoutUri, serviceUserId } = client;
  return {
    name: client.name,
    type: client.type,
    redirectUris: client.redirectUris.join('\n'),
    postLogoutRedirectUris: client.postLogoutRedirectUris.join('\n'),
    grantTypes: client.grantTypes,
    tokenEndpointAuthMethod: client.tokenEndpointAuthMethod,
    jwks: jwks === null ? '' : JSON.stringify(jwks, null, 2),
    jwksUri: jwksUri ?? '',
    scopes: client.scopes?.join(' ') ?? ALL,
    resources: client.resources?.join('\n') ?? ALL,
    defaultResource: defaultResource ?? '',
    firstParty: client.firstParty,
    requirePkce: client.requirePkce,
    idTokenSignedResponseAlg: client.idTokenSignedResponseAlg,
    backchannelLogoutUri: backchannelLogoutUri ?? '',
    serviceUserId: serviceUserId ?? '',
  };
}

/** A form as it was sent, to be shown again. @param text of one field */
export function fieldsSent(text: (field: string) => string, grantTypes: readonly string[]): ClientFields {
  const texts = Object.keys(NO_CLIENT).map((field) => [field, text(field)]);
  return {
    ...(Object.fromEntries(texts) as unknown as ClientFields),
    firstParty: text('firstParty') === 'on',
    requirePkce: text('requirePkce') === 'on',
    grantTypes,
  };
}

/** The parameters of the form, as the JSON routes take them. @throws AuthError `validation_failed` for keys that are no JSON */
export function paramsOf(form: ClientForm) {
  const { jwks, jwksUri, defaultResource, backchannelLogoutUri, serviceUserId, tokenEndpointAuthMethod } = form;
  return {
    name: form.name.trim(),
    type: form.type,
    redirectUris: linesOf(form.redirectUris),
    postLogoutRedirectUris: linesOf(form.postLogoutRedirectUris),
    grantTypes: [form.grantTypes ?? []].flat(),
    // Empty: as its type has it.
    tokenEndpointAuthMethod: tokenEndpointAuthMethod || (form.type === 'public' ? 'none' : 'client_secret_basic'),
    jwks: jwks.trim() === '' ? null : readKeys(jwks),
    jwksUri: jwksUri.trim() || null,
    scopes: orAll(form.scopes.split(/[\s,]+/).filter(Boolean)),
    resources: orAll(linesOf(form.resources)),
    defaultResource: defaultResource.trim() || null,
    firstParty: form.firstParty === 'on',
    requirePkce: form.requirePkce === 'on',
    idTokenSignedResponseAlg: form.idTokenSignedResponseAlg,
    backchannelLogoutUri: backchannelLogoutUri.trim() || null,
    serviceUserId: serviceUserId.trim() || null,
  };
}

/** As the JSON routes say it: null is all. */
function orAll(entries: string[]): string[] | null {
  return entries.length === 1 && entries[0] === ALL ? null : entries;
}

/** Entries of a text that has one on each line. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function readKeys(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const errors = [{ field: 'jwks', rule: 'isJson', message: 'jwks must be JSON' }];
    throw new AuthError('validation_failed', { reason: 'keys_are_no_json', cause, errors });
  }
}
