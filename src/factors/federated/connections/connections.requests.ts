import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { IsText } from '../../../http/is-text.js';
import { MaxDepth } from '../../../http/max-depth.decorator.js';
import { PageQuery } from '../../../http/page-query.js';
import { KINDS } from '../providers/providers.js';
import type { ConnectionEdits } from './connection-admin.js';
import type { DomainProof } from './connection-domains.js';
import { type ConnectionParams, SLUG } from './connection-rules.js';

const PROOFS = ['dns', 'admin'] as const;

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

/** Absent is allowed, and null: there is none. */
const IfNamed = (field: string) => ValidateIf((request) => request[field] !== undefined && request[field] !== null);

const SETTINGS = {
  description:
    'Settings; what is absent is as if it had never been set. Of every kind: `label`, `scopes`, `vouchesForEmail`, `trustsMfa`, `trustsNewLogin`, `jitProvisioning`, `roles`, `enforced`, `enforcedExcept`, `maxAgeSeconds`, `isListed`. Of some: `tenant` (Microsoft), `teamId`, `keyId` (Apple), `hostedDomain` (Google), endpoints and names of claims (plain OAuth 2), `prompt`.',
  type: 'object',
  additionalProperties: true,
  selfRequired: false,
  example: { jitProvisioning: 'on', vouchesForEmail: ['example.com'] },
} as const;

export class ConnectionIdParams {
  @ApiProperty({ description: 'Id of the connection.', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsString()
  @MaxLength(100)
  @Matches(/^[A-Za-z0-9:-]+$/, { message: 'id must be the id of a connection' })
  id!: string;
}

export class ConnectionDomainParams extends ConnectionIdParams {
  @ApiProperty({ description: 'The domain.', example: 'example.com' })
  @IsText(253)
  domain!: string;
}

export class ConnectionsQuery extends PageQuery {}

export class CreateConnectionRequest implements ConnectionParams {
  @ApiProperty({
    description: 'Its name in addresses, also in the redirect URI that the provider must know. Cannot be changed.',
    pattern: SLUG.source,
    example: 'corp',
  })
  @Matches(SLUG, { message: 'slug must have 1 to 32 characters of a-z 0-9 -, without - at its ends' })
  slug!: string;

  @ApiProperty({ description: 'What it is. Cannot be changed.', type: 'string', enum: KINDS, example: 'oidc' })
  @IsIn(KINDS)
  kind!: string;

  @ApiProperty({
    description:
      'Issuer, exactly as the provider names itself: required for `oidc` and `oauth2`, known for the others. Cannot be changed.',
    type: 'string',
    nullable: true,
    required: false,
    maxLength: 2_000,
    example: 'https://login.corp.example.com',
  })
  @IfNamed('issuer')
  @IsText(2_000)
  issuer?: string | null;

  @ApiProperty({
    description: "Address of a provider of one's own, such as GitHub Enterprise or GitLab. Cannot be changed.",
    type: 'string',
    nullable: true,
    required: false,
    maxLength: 2_000,
    example: null,
  })
  @IfNamed('baseUrl')
  @IsText(2_000)
  baseUrl?: string | null;

  @ApiProperty({ description: 'The id that the provider knows us by.', maxLength: 500, example: 'coatcheck' })
  @MinLength(1)
  @IsText(500)
  clientId!: string;

  @ApiProperty({
    description:
      'The secret that belongs to it; for Apple the private key (.p8). It is stored encrypted, and never shown.',
    type: 'string',
    format: 'password',
    nullable: true,
    required: false,
    maxLength: 8_000,
    example: 'mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M',
  })
  @IfNamed('clientSecret')
  @IsText(8_000)
  clientSecret?: string | null;

  @ApiProperty(SETTINGS)
  @MaxDepth(3)
  @IfGiven('settings')
  @IsObject()
  settings?: Record<string, unknown>;
}

export class ChangeConnectionRequest implements ConnectionEdits {
  @ApiProperty({
    description: 'The id that the provider knows us by. Sessions that rest on logins by the one before end.',
    maxLength: 500,
    required: false,
    example: 'coatcheck',
  })
  @IfGiven('clientId')
  @MinLength(1)
  @IsText(500)
  clientId?: string;

  @ApiProperty({
    description: 'A new secret; null: none any more.',
    type: 'string',
    format: 'password',
    nullable: true,
    required: false,
    maxLength: 8_000,
    example: 'mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M',
  })
  @IfNamed('clientSecret')
  @IsText(8_000)
  clientSecret?: string | null;

  @ApiProperty({ ...SETTINGS, description: `${SETTINGS.description} Others stay as they are; null resets one.` })
  @MaxDepth(3)
  @IfGiven('settings')
  @IsObject()
  settings?: Record<string, unknown>;

  @ApiProperty({
    description: 'True: the connection is refused, and the sessions that rest on logins by it end.',
    required: false,
    example: false,
  })
  @IfGiven('disabled')
  @IsBoolean()
  disabled?: boolean;
}

export class AddDomainRequest {
  @ApiProperty({
    description: 'A whole domain: what is below or above it is not meant.',
    maxLength: 253,
    example: 'example.com',
  })
  @IsText(253)
  domain!: string;

  @ApiProperty({
    description:
      'What proves it. `dns`: the TXT record of the answer, which is looked for now. `admin`: your word. Default: `dns`.',
    type: 'string',
    enum: PROOFS,
    required: false,
    example: 'dns',
  })
  @IfGiven('proof')
  @IsIn(PROOFS)
  proof?: DomainProof;
}
