import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsObject, IsString, MaxLength, MinLength } from 'class-validator';
import { IsText } from '../../http/is-text.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';
import { IfGiven, IfNamed } from '../clients/client-fields.js';
import type { OAuthResource } from './oauth-resource.js';

export class ResourceUriParams {
  @ApiProperty({
    description: 'URI of the resource, with every `/` written as `%2F`.',
    example: 'https%3A%2F%2Fapi.example.com',
  })
  @MinLength(1)
  @IsString()
  @MaxLength(500)
  uri!: string;
}

export class SaveResourceRequest {
  @ApiProperty({
    description: 'Name, as users see it. Default: the URI.',
    minLength: 1,
    maxLength: 100,
    required: false,
    example: 'Orders',
  })
  @IfGiven('name')
  @MinLength(1)
  @IsText(100)
  name?: string;

  @ApiProperty({
    description: 'What each scope lets a client do, in words for users, by scope.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'orders:read': 'See your orders' },
  })
  @MaxDepth(1)
  @IsObject()
  scopes!: Record<string, string>;

  @ApiProperty({
    description: 'Lifetime of its access tokens. Absent: `OAUTH_ACCESS_TOKEN_SECONDS`.',
    type: 'integer',
    minimum: 10,
    maximum: 86_400,
    nullable: true,
    required: false,
    example: 300,
  })
  @IfNamed('accessTokenSeconds')
  @IsInt()
  accessTokenSeconds?: number | null;

  @ApiProperty({
    description: 'Client that may introspect every token for it. Absent: each client only its own.',
    type: 'string',
    maxLength: 512,
    nullable: true,
    required: false,
    example: null,
  })
  @IfNamed('operatorClientId')
  @IsString()
  @MaxLength(512)
  operatorClientId?: string | null;
}

/** All that there is to know of an API. */
export class ResourceReply {
  @ApiProperty({ description: 'URI of the resource (RFC 8707).', example: 'https://api.example.com' })
  uri!: string;

  @ApiProperty({ description: 'Name, as users see it.', example: 'Orders' })
  name!: string;

  @ApiProperty({
    description: 'What each scope lets a client do, by scope.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'orders:read': 'See your orders' },
  })
  scopes!: Readonly<Record<string, string>>;

  @ApiProperty({ description: 'Lifetime of its access tokens.', type: 'integer', example: 300 })
  accessTokenSeconds!: number;

  @ApiProperty({
    description: 'Client that may introspect every token for it; null: each client only its own.',
    type: 'string',
    nullable: true,
    example: null,
  })
  operatorClientId!: string | null;

  @ApiProperty({
    description: '`own`: this application itself, whose scopes are those of its routes. `file`: of `OAUTH_RESOURCES`.',
    enum: ['own', 'admin', 'file'],
    example: 'admin',
  })
  origin!: 'own' | 'admin' | 'file';

  static of({ uri, name, scopes, accessTokenSeconds, operatorClientId, origin }: OAuthResource): ResourceReply {
    return { uri, name, scopes, accessTokenSeconds, operatorClientId, origin };
  }
}

export class ResourcesReply {
  @ApiProperty({ description: 'This application itself, then all others by URI.', type: [ResourceReply] })
  resources!: ResourceReply[];
}
