import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { FileClient } from './client-file.js';
import { paramsIn } from './client-params.js';
import { GRANT_TYPES, ID_TOKEN_ALGORITHMS } from './metadata-of-grants.js';
import { AUTH_METHODS } from './metadata-of-proofs.js';
import type { OAuthClientEntity } from './oauth-client.entity.js';
import type { ClientMetadata, ClientOrigin } from './oauth-client.js';

const INSTANT = { type: 'string', format: 'date-time', nullable: true } as const;
const TEXT = { type: 'string', nullable: true, example: null } as const;

/** All that may be shown of a client. */
export class OAuthClientReply {
  @ApiProperty({ description: '`client_id`.', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'Name, as users see it.', example: 'Shop' })
  name!: string;

  @ApiProperty({
    description: 'Created by an admin, registered by itself, or of the file `OAUTH_CLIENTS`.',
    enum: ['admin', 'registered', 'file'],
    example: 'admin',
  })
  origin!: ClientOrigin;

  @ApiProperty({
    description: 'Whether it can keep a secret or a key.',
    enum: ['confidential', 'public'],
    example: 'confidential',
  })
  type!: 'confidential' | 'public';

  @ApiProperty({ description: 'Redirect URIs.', type: [String], example: ['https://shop.example.com/callback'] })
  redirectUris!: readonly string[];

  @ApiProperty({ description: 'Where users may be sent after a logout.', type: [String], example: [] })
  postLogoutRedirectUris!: readonly string[];

  @ApiProperty({
    description: 'What the client may exchange for tokens.',
    type: [String],
    enum: GRANT_TYPES,
    example: ['authorization_code', 'refresh_token'],
  })
  grantTypes!: readonly string[];

  @ApiProperty({ description: 'How it authenticates.', enum: AUTH_METHODS, example: 'client_secret_basic' })
  tokenEndpointAuthMethod!: string;

  @ApiProperty({
    description: 'Public keys.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: null,
  })
  jwks!: object | null;

  @ApiProperty({ description: 'Address of the public keys.', ...TEXT })
  jwksUri!: string | null;

  @ApiProperty({ description: 'Subject of its certificate.', ...TEXT })
  tlsClientAuthSubjectDn!: string | null;

  @ApiProperty({ description: 'DNS name in its certificate.', ...TEXT })
  tlsClientAuthSanDns!: string | null;

  @ApiProperty({ description: 'URI in its certificate.', ...TEXT })
  tlsClientAuthSanUri!: string | null;

  @ApiProperty({
    description: 'Scopes that it may ask for. Null: all, for one that registered itself.',
    type: [String],
    nullable: true,
    example: ['orders:read'],
  })
  scopes!: readonly string[] | null;

  @ApiProperty({
    description: 'Resources that it may ask tokens for. Null: all, for one that registered itself.',
    type: [String],
    nullable: true,
    example: ['https://api.example.com'],
  })
  resources!: readonly string[] | null;

  @ApiProperty({ description: 'Resource of its tokens when it names none.', ...TEXT })
  defaultResource!: string | null;

  @ApiProperty({ description: 'Whether users are not asked for consent.', example: false })
  firstParty!: boolean;

  @ApiProperty({ description: 'Whether it must use PKCE.', example: true })
  requirePkce!: boolean;

  @ApiProperty({ description: 'Signature algorithm of its ID tokens.', enum: ID_TOKEN_ALGORITHMS, example: 'ES256' })
  idTokenSignedResponseAlg!: string;

  @ApiProperty({ description: 'Address that is told when a session ends.', ...TEXT })
  backchannelLogoutUri!: string | null;

  @ApiProperty({ description: 'Whether its tokens require DPoP.', example: false })
  dpopBoundAccessTokens!: boolean;

  @ApiProperty({ description: 'Whether its tokens are bound to its client certificate.', example: false })
  tlsClientCertificateBoundAccessTokens!: boolean;

  @ApiProperty({ description: 'Whether its authorization requests must be pushed.', example: false })
  requirePushedAuthorizationRequests!: boolean;

  @ApiProperty({ description: 'Service user as which it acts for itself.', ...TEXT, format: 'uuid' })
  serviceUserId!: string | null;

  @ApiProperty({ description: 'Whether it is refused everywhere.', example: false })
  disabled!: boolean;

  @ApiProperty({
    description: 'Until when the secret before is valid; null: there is none.',
    ...INSTANT,
    example: null,
  })
  previousSecretValidUntil!: Date | null;

  @ApiProperty({
    description: 'RFC 3339, UTC; null for one of the file.',
    ...INSTANT,
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date | null;

  @ApiProperty({
    description: 'Time of its last use, at most an hour late; null: never, or one of the file.',
    ...INSTANT,
    example: null,
  })
  lastUsedAt!: Date | null;

  /** @param now a secret that is void by then is not told of */
  static of(row: OAuthClientEntity, now: Date): OAuthClientReply {
    const { id, name, origin, metadata, scopes, resources, defaultResource, firstParty, serviceUserId } = row;
    const { previousSecretUntil: until, createdAt, lastUsedAt } = row;
    return {
      ...{ id, name, origin, ...ofMetadata(metadata), scopes, resources, defaultResource, firstParty },
      ...{ requirePkce: row.requiresPkce, serviceUserId, disabled: row.disabledAt !== null },
      ...{ previousSecretValidUntil: until !== null && now < until ? until : null, createdAt, lastUsedAt },
    };
  }

  static ofFile(client: FileClient): OAuthClientReply {
    const { id, name, origin, metadata, scopes, resources, defaultResource, firstParty, serviceUserId } = client;
    const { requiresPkce: requirePkce, isDisabled: disabled } = client;
    return {
      ...{ id, name, origin, ...ofMetadata(metadata), scopes, resources, defaultResource, firstParty },
      ...{ requirePkce, serviceUserId, disabled, previousSecretValidUntil: null, createdAt: null, lastUsedAt: null },
    };
  }
}

/** The part of a reply that the metadata gives, by the names of the reply. */
type OfMetadata = Pick<OAuthClientReply, keyof ReturnType<typeof paramsIn> | 'type'>;

type Flag = 'dpopBoundAccessTokens' | 'tlsClientCertificateBoundAccessTokens' | 'requirePushedAuthorizationRequests';

function ofMetadata(metadata: ClientMetadata): OfMetadata {
  const {
    dpopBoundAccessTokens,
    tlsClientCertificateBoundAccessTokens,
    requirePushedAuthorizationRequests,
    ...params
  } = paramsIn(metadata);
  return {
    ...(params as Omit<OfMetadata, 'type' | Flag>),
    type: metadata.token_endpoint_auth_method === 'none' ? 'public' : 'confidential',
    dpopBoundAccessTokens: dpopBoundAccessTokens === true,
    tlsClientCertificateBoundAccessTokens: tlsClientCertificateBoundAccessTokens === true,
    requirePushedAuthorizationRequests: requirePushedAuthorizationRequests === true,
  };
}

/** A client just made, or given a new secret. */
export class NewOAuthClientReply {
  @ApiProperty({ description: 'The client.', type: OAuthClientReply })
  client!: OAuthClientReply;

  @ApiProperty({
    description: 'Its secret (`client_secret`), shown only once. Absent: the client does not use one.',
    format: 'password',
    required: false,
    example: 'mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M',
  })
  clientSecret?: string;
}

export class OAuthClientsReply {
  @ApiProperty({ description: 'Clients, the most recently created first.', type: [OAuthClientReply] })
  clients!: OAuthClientReply[];

  @ApiProperty({
    description: 'Clients of the file `OAUTH_CLIENTS`, which no route changes; on the first page only.',
    type: [OAuthClientReply],
    example: [],
  })
  fileClients!: OAuthClientReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
