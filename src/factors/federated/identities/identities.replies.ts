import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../../http/page-query.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';
import type { FederatedIdentityEntity } from './federated-identity.entity.js';

/** One linked login, as its user sees it. */
export class IdentityReply {
  @ApiProperty({
    description: 'Id of the linked login in these routes.',
    format: 'uuid',
    example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({
    description: 'Name of the connection; null: it is there no more.',
    type: 'string',
    nullable: true,
    example: 'google',
  })
  connection!: string | null;

  @ApiProperty({ description: 'What the connection is called.', type: 'string', nullable: true, example: 'Google' })
  label!: string | null;

  @ApiProperty({
    description: 'Address that the provider named when the login was linked; null: none.',
    type: 'string',
    nullable: true,
    example: 'ada@example.com',
  })
  email!: string | null;

  @ApiProperty({
    description: 'Whether one can log in by it now: the connection may be disabled.',
    type: 'boolean',
    example: true,
  })
  usable!: boolean;

  @ApiProperty({
    description: 'When it was linked.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  linkedAt!: string;

  @ApiProperty({
    description: 'Time of the last login by it.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-21T09:00:00.000Z',
  })
  lastUsedAt!: string | null;

  static of(linked: FederatedIdentityEntity, connection: Connection | null): IdentityReply {
    const { id, emailThen, linkedAt, lastUsedAt } = linked;
    return {
      id,
      connection: connection?.slug ?? null,
      label: connection ? labelOf(connection) : null,
      email: emailThen,
      usable: connection !== null && !connection.isDisabled,
      linkedAt: linkedAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
  }
}

export class IdentitiesReply {
  @ApiProperty({ description: 'The oldest first.', type: [IdentityReply] })
  identities!: IdentityReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

/** Where to send the browser. */
export class AuthorizationReply {
  @ApiProperty({
    description: 'Where to send the browser.',
    example: 'https://accounts.example.com/authorize?client_id=...',
  })
  authorizationUrl!: string;
}
