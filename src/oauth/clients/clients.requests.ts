import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsText } from '../../http/is-text.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';
import { PageQuery } from '../../http/page-query.js';
import { AreScopes, AreUris, IfGiven, IfNamed, IsFlag, IsRemovableText } from './client-fields.js';
import type { ClientParams } from './client-params.js';
import { GRANT_TYPES, ID_TOKEN_ALGORITHMS } from './metadata-of-grants.js';
import { AUTH_METHODS } from './metadata-of-proofs.js';

const TYPES = ['confidential', 'public'] as const;
const ORIGINS = ['admin', 'registered'] as const;
const MONTH = 30 * 86_400;

export class OAuthClientParams {
  @ApiProperty({ description: 'Id of the client (`client_id`).', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsString()
  @MaxLength(100)
  @Matches(/^[\x21-\x7e]+$/, { message: 'id must be the id of a client' })
  id!: string;
}

export class OAuthClientsQuery extends PageQuery {
  @ApiProperty({
    description: 'Only clients that admins created, or only those that registered themselves.',
    required: false,
    type: 'string',
    enum: ORIGINS,
  })
  @IfGiven('origin')
  @IsIn(ORIGINS)
  origin?: (typeof ORIGINS)[number];
}

class ClientFields {
  @AreUris('redirectUris', {
    description:
      'Addresses to which users return, compared exactly: https, http to a loopback address, or a scheme with a dot. Required for `authorization_code`.',
    example: ['https://shop.example.com/callback'],
  })
  redirectUris?: string[];

  @AreUris('postLogoutRedirectUris', {
    description: 'Addresses to which users may be sent after a logout that the client asked for.',
    example: ['https://shop.example.com/'],
  })
  postLogoutRedirectUris?: string[];

  @ApiProperty({
    description:
      'What the client may exchange for tokens. Default: `authorization_code` and `refresh_token` if it has redirect URIs, `client_credentials` if it has a service user.',
    type: [String],
    enum: GRANT_TYPES,
    required: false,
    example: ['authorization_code', 'refresh_token'],
  })
  @MaxDepth(1)
  @IfGiven('grantTypes')
  @IsIn(GRANT_TYPES, { each: true })
  grantTypes?: string[];

  @ApiProperty({
    description:
      'How the client authenticates. Default: `client_secret_basic` for a confidential client, `none` for a public one.',
    type: 'string',
    enum: AUTH_METHODS,
    required: false,
    example: 'client_secret_basic',
  })
  @IfGiven('tokenEndpointAuthMethod')
  @IsIn(AUTH_METHODS)
  tokenEndpointAuthMethod?: string;

  @ApiProperty({
    description: 'Public keys of the client (RFC 7517), for `private_key_jwt` and `self_signed_tls_client_auth`.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    selfRequired: false,
  })
  @MaxDepth(4)
  @IfNamed('jwks')
  @IsObject()
  jwks?: Record<string, unknown> | null;

  @IsRemovableText('jwksUri', 2_000, { description: 'Address of these keys, instead of `jwks`.', example: null })
  jwksUri?: string | null;

  @IsRemovableText('tlsClientAuthSubjectDn', 1_000, {
    description:
      'Subject of the client certificate (RFC 4514), for `tls_client_auth`. Exactly one of the three is required.',
    example: null,
  })
  tlsClientAuthSubjectDn?: string | null;

  @IsRemovableText('tlsClientAuthSanDns', 1_000, { description: 'DNS name in the client certificate.', example: null })
  tlsClientAuthSanDns?: string | null;

  @IsRemovableText('tlsClientAuthSanUri', 1_000, { description: 'URI in the client certificate.', example: null })
  tlsClientAuthSanUri?: string | null;

  @AreScopes({
    description:
      'Scopes of its resources that the client may ask for. Empty: none. Null: all, only for a client that registered itself, whose users are always asked.',
    example: ['orders:read'],
  })
  scopes?: string[] | null;

  @AreUris(
    'resources',
    {
      description:
        'Resources (RFC 8707) that the client may ask tokens for. Empty: none. Null: all, only for a client that registered itself.',
      example: ['https://api.example.com'],
    },
    true,
  )
  resources?: string[] | null;

  @IsRemovableText('defaultResource', 500, {
    description:
      'One of `resources`: its tokens are issued when the client names none. Null: a token for userinfo only.',
    example: 'https://api.example.com',
  })
  defaultResource?: string | null;

  @IsFlag('firstParty', {
    description: "An application of the operator's own: users are not asked for consent. Default: false.",
    example: false,
  })
  firstParty?: boolean;

  @IsFlag('requirePkce', {
    description: 'False: a confidential client that uses `nonce` may leave out PKCE. Default: true.',
    example: true,
  })
  requirePkce?: boolean;

  @ApiProperty({
    description: 'Signature algorithm of ID tokens. Default: `ES256`.',
    type: 'string',
    enum: ID_TOKEN_ALGORITHMS,
    required: false,
    example: 'ES256',
  })
  @IfGiven('idTokenSignedResponseAlg')
  @IsIn(ID_TOKEN_ALGORITHMS)
  idTokenSignedResponseAlg?: string;

  @IsRemovableText('backchannelLogoutUri', 2_000, {
    description: 'Address that is told when a session ends in which the user had signed in to the client.',
    example: null,
  })
  backchannelLogoutUri?: string | null;

  @IsFlag('dpopBoundAccessTokens', {
    description: 'Tokens are issued only with a DPoP proof (RFC 9449).',
    example: false,
  })
  dpopBoundAccessTokens?: boolean;

  @IsFlag('tlsClientCertificateBoundAccessTokens', {
    description: 'Tokens are issued over a connection with a client certificate only, and bound to it (RFC 8705 §3).',
    example: false,
  })
  tlsClientCertificateBoundAccessTokens?: boolean;

  @IsFlag('requirePushedAuthorizationRequests', {
    description: 'Authorization requests must be pushed first (RFC 9126).',
    example: false,
  })
  requirePushedAuthorizationRequests?: boolean;

  @ApiProperty({
    description: 'Service user as which the client acts for itself. Required for `client_credentials`.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    required: false,
    example: null,
  })
  @IfNamed('serviceUserId')
  @IsUUID()
  serviceUserId?: string | null;
}

export class CreateClientRequest extends ClientFields implements ClientParams {
  @ApiProperty({ description: 'Name, as users see it.', minLength: 1, maxLength: 100, example: 'Shop' })
  @MinLength(1)
  @IsText(100)
  name!: string;

  @ApiProperty({
    description:
      '`confidential`: it can keep a secret or a key. `public`: it runs in a browser or on a device of the user.',
    type: 'string',
    enum: TYPES,
    example: 'confidential',
  })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];
}

export class ChangeClientRequest extends ClientFields {
  @ApiProperty({
    description: 'Name, as users see it.',
    minLength: 1,
    maxLength: 100,
    required: false,
    example: 'Shop',
  })
  @IfGiven('name')
  @MinLength(1)
  @IsText(100)
  name?: string;

  @ApiProperty({
    description: 'Changes together with `tokenEndpointAuthMethod`.',
    type: 'string',
    enum: TYPES,
    required: false,
    example: 'confidential',
  })
  @IfGiven('type')
  @IsIn(TYPES)
  type?: (typeof TYPES)[number];

  @IsFlag('disabled', {
    description:
      'True: the client is refused everywhere, with everything that users have granted it. Enabled again, it begins with no grant.',
    example: false,
  })
  disabled?: boolean;
}

export class RenewSecretRequest {
  @ApiProperty({
    description: 'How long the secret before stays valid. 0: it is void at once. Default: 86400.',
    type: 'integer',
    minimum: 0,
    maximum: MONTH,
    required: false,
    example: 3600,
  })
  @IfGiven('overlapSeconds')
  @IsInt()
  @Min(0)
  @Max(MONTH)
  overlapSeconds?: number;
}
