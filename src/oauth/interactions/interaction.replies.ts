import { ApiProperty } from '@nestjs/swagger';
import { wordOfScope } from './asked-words.js';
import type { Interaction } from './interactions.js';

class InteractionClientReply {
  @ApiProperty({ description: 'Id of the client.', example: 'ledger' })
  id!: string;

  @ApiProperty({
    description: 'Name of the client. Show it with its host: any client can choose any name.',
    example: 'Ledger',
  })
  name!: string;

  @ApiProperty({
    description: 'Host that the client is known by; null: it names none.',
    type: String,
    nullable: true,
    example: 'ledger.example.com',
  })
  host!: string | null;

  @ApiProperty({
    description: 'Whether the client has registered itself, and no admin has checked it.',
    example: false,
  })
  isSelfRegistered!: boolean;

  @ApiProperty({
    description: 'When it did; null: it is known by a document of its own, or has not. RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  registeredAt!: Date | null;
}

class InteractionUserReply {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'E-mail address.', type: String, nullable: true, example: 'ada@example.com' })
  email!: string | null;

  @ApiProperty({ description: 'Name.', type: String, nullable: true, example: 'Ada Lovelace' })
  name!: string | null;
}

/** The facts that an application's own page needs in order to ask. */
export class InteractionReply {
  @ApiProperty({
    description: '`login`: the user has to log in. `consent`: the user is to say what the client may do.',
    enum: ['login', 'consent'],
    example: 'consent',
  })
  prompt!: string;

  @ApiProperty({ description: 'Client that asks.', type: InteractionClientReply })
  client!: InteractionClientReply;

  @ApiProperty({ description: 'Scopes that the user may allow.', type: [String], example: ['openid', 'orders:read'] })
  scopes!: string[];

  @ApiProperty({
    description: 'What each scope lets the client do, by scope.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'orders:read': 'Read your orders' },
  })
  descriptions!: Record<string, string>;

  @ApiProperty({
    description: 'URI of the API that access is asked for, the first of several; null: none.',
    type: String,
    nullable: true,
    example: 'https://orders.example.com/',
  })
  resource!: string | null;

  @ApiProperty({
    description: 'Host, or scheme of a program, that the answer goes to; null: a device.',
    type: String,
    nullable: true,
    example: 'ledger.example.com',
  })
  redirectHost!: string | null;

  @ApiProperty({ description: 'The user who is logged in. Absent: none.', type: InteractionUserReply, required: false })
  user?: InteractionUserReply;

  static of(interaction: Interaction, say: (word: string) => string): InteractionReply {
    const { prompt, client, asked, redirect, visitor } = interaction;
    const said = asked.openid.map((scope) => [scope, say(wordOfScope(scope))] as const);
    const ofResources = asked.resources.flatMap(({ resource, scopes }) =>
      scopes.map((scope) => [scope, resource.scopes[scope] ?? scope] as const),
    );
    const { id, name, host, isSelfRegistered, registeredAt } = client;
    const user = visitor.is === 'signed-in' ? visitor.user : null;
    return {
      prompt,
      client: { id, name, host, isSelfRegistered, registeredAt },
      scopes: [...new Set([...said, ...ofResources].map(([scope]) => scope))],
      descriptions: Object.fromEntries([...said, ...ofResources]),
      resource: asked.resources[0]?.resource.uri ?? null,
      redirectHost: redirect?.host ?? null,
      ...(user && { user: { id: user.id, email: user.email, name: user.name } }),
    };
  }
}

export class RedirectReply {
  @ApiProperty({
    description: 'Address to which the browser goes on: navigate there, do not fetch it.',
    format: 'uri',
    example: 'https://auth.example.com/oauth/authorize/LHpdxwIBMpqPPkbONMhDF',
  })
  redirectTo!: string;
}
