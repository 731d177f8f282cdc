import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../../http/page-query.js';
import { KINDS } from '../providers/providers.js';
import type { ConnectionEntity } from './connection.entity.js';
import { type Connection, DEFAULT_SETTINGS } from './connection.js';
import type { ConnectionDomainEntity } from './connection-domain.entity.js';
import type { DomainRecord } from './connection-domains.js';

const INSTANT = { type: 'string', format: 'date-time', nullable: true } as const;
const TEXT = { type: 'string', nullable: true, example: null } as const;

export class DomainRecordReply {
  @ApiProperty({ description: 'Name of the TXT record.', example: '_coatcheck.example.com' })
  name!: string;

  @ApiProperty({
    description: 'Its text.',
    example: 'coatcheck-connection=0W6nSmzv0l2yhbWcHn0MmUyGrtqZGvGTbTF3zcKqRyC',
  })
  value!: string;
}

export class ConnectionDomainReply {
  @ApiProperty({ description: 'The domain.', example: 'example.com' })
  domain!: string;

  @ApiProperty({
    description: 'Since when it is verified, RFC 3339, UTC; null: it counts for nothing yet, or it is one of the file.',
    ...INSTANT,
    example: '2026-11-21T09:00:00.000Z',
  })
  verifiedAt!: Date | null;

  @ApiProperty({
    description: 'The TXT record that proves it; null for one of the file.',
    type: DomainRecordReply,
    nullable: true,
  })
  record!: DomainRecord | null;
}

/** All that may be shown of a connection. */
export class ConnectionReply {
  @ApiProperty({ description: 'Id.', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'Its name in addresses.', example: 'corp' })
  slug!: string;

  @ApiProperty({ description: 'What it is.', enum: KINDS, example: 'oidc' })
  kind!: string;

  @ApiProperty({
    description: 'Created by an admin, or of the file `FEDERATED`.',
    enum: ['admin', 'file'],
    example: 'admin',
  })
  origin!: 'admin' | 'file';

  @ApiProperty({ description: 'Issuer; null: known by the kind.', ...TEXT, example: 'https://login.corp.example.com' })
  issuer!: string | null;

  @ApiProperty({ description: 'Address of the provider, if it is not the one of its kind.', ...TEXT })
  baseUrl!: string | null;

  @ApiProperty({ description: 'The id that the provider knows us by.', example: 'coatcheck' })
  clientId!: string;

  @ApiProperty({ description: 'Whether it has a client secret, which is never shown.', example: true })
  hasClientSecret!: boolean;

  @ApiProperty({
    description: 'Where users come back to: the provider must know exactly this.',
    example: 'https://auth.example.com/auth/federated/corp/callback',
  })
  redirectUri!: string;

  @ApiProperty({ description: 'Settings, with those that were never set.', type: 'object', additionalProperties: true })
  settings!: Readonly<Record<string, unknown>>;

  @ApiProperty({ description: 'Domains whose addresses it logs in.', type: [ConnectionDomainReply] })
  domains!: ConnectionDomainReply[];

  @ApiProperty({ description: 'Whether it is refused.', example: false })
  disabled!: boolean;

  @ApiProperty({
    description: 'Whether a connection of the file has the same slug, so that users log in by that one.',
    example: false,
  })
  shadowed!: boolean;

  @ApiProperty({
    description: 'RFC 3339, UTC; null for one of the file.',
    ...INSTANT,
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date | null;

  static of(
    row: ConnectionEntity,
    more: Pick<ConnectionReply, 'redirectUri' | 'domains' | 'shadowed'>,
  ): ConnectionReply {
    const { id, slug, kind, issuer, baseUrl, clientId, createdAt } = row;
    return {
      ...{ id, slug, kind, origin: 'admin', issuer, baseUrl, clientId, ...more },
      settings: { ...DEFAULT_SETTINGS, ...row.settings },
      ...{ hasClientSecret: row.clientSecretSealed !== null, disabled: row.disabledAt !== null, createdAt },
    };
  }

  static ofFile(
    { id, slug, kind, issuer, baseUrl, clientId, settings, isDisabled }: Connection,
    more: Pick<ConnectionReply, 'redirectUri' | 'domains' | 'hasClientSecret'>,
  ): ConnectionReply {
    return {
      ...{ id, slug, kind, origin: 'file', issuer, baseUrl, clientId, settings, ...more },
      ...{ disabled: isDisabled, shadowed: false, createdAt: null },
    };
  }
}

export function domainReply(
  { domain, verifiedAt }: ConnectionDomainEntity,
  record: DomainRecord,
): ConnectionDomainReply {
  return { domain, verifiedAt, record };
}

export class ConnectionsReply {
  @ApiProperty({ description: 'Connections, the most recently created first.', type: [ConnectionReply] })
  connections!: ConnectionReply[];

  @ApiProperty({
    description: 'Connections of the file `FEDERATED`, which no route changes; on the first page only.',
    type: [ConnectionReply],
    example: [],
  })
  fileConnections!: ConnectionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
