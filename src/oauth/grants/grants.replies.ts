import { ApiProperty } from '@nestjs/swagger';
import { cursorOf } from '../../http/page-cursor.js';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { redirectHosts } from '../clients/redirect-uris.js';
import type { GrantPage, ListedConsent, ListedGrant } from './grant-lists.js';
import { type ScopesByResource, scopesIn } from './grant-payload.js';

const INSTANT = { type: 'string', format: 'date-time' } as const;
const SCOPES = {
  type: 'object',
  additionalProperties: { type: 'array', items: { type: 'string' } },
  example: { openid: ['openid', 'profile'], 'https://api.example.com': ['read'] },
} as const;

/** A client, as users are shown it. */
export class GrantedClientReply {
  @ApiProperty({ description: 'The `client_id`.', example: '01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a' })
  id!: string;

  @ApiProperty({ description: 'Name of the client. Clients that registered themselves chose it.', example: 'Reports' })
  name!: string;

  @ApiProperty({
    description: 'Host that the client is called back at; null: it runs on a device, or is not known.',
    type: 'string',
    nullable: true,
    example: 'reports.example.com',
  })
  host!: string | null;

  @ApiProperty({
    description:
      'Hosts, and schemes of programs, that browsers return to. Empty: a device, or not known. Tells clients of one name apart.',
    type: [String],
    example: ['reports.example.com'],
  })
  redirectHosts!: string[];

  @ApiProperty({
    description: 'When it registered itself, which any client may do under any name; null: it did not. RFC 3339, UTC.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  registeredAt!: Date | null;

  @ApiProperty({ description: "Whether it is one of the operator's own applications.", example: false })
  firstParty!: boolean;

  static of(client: OAuthClient): GrantedClientReply {
    const { id, name, registeredAt, firstParty, metadata } = client;
    return { id, name, host: hostOf(client), redirectHosts: redirectHosts(metadata), registeredAt, firstParty };
  }
}

/** A client's access to a user. */
export class GrantReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'The client.', type: GrantedClientReply })
  client!: GrantedClientReply;

  @ApiProperty({ description: 'Scopes by resource; those of OpenID Connect under `openid`.', ...SCOPES })
  scopes!: ScopesByResource;

  @ApiProperty({
    description: 'Whether it goes on without a session of the user. Otherwise it ends with the session.',
    example: false,
  })
  offline!: boolean;

  @ApiProperty({ description: 'Whether it ends with the session of this request.', example: true })
  current!: boolean;

  @ApiProperty({ description: 'RFC 3339, UTC.', ...INSTANT, example: '2026-11-21T09:00:00.000Z' })
  createdAt!: Date;

  @ApiProperty({
    description: 'Time of the last use, to the hour; null: never.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  lastUsedAt!: Date | null;

  @ApiProperty({ description: 'It ends at this time at the latest.', ...INSTANT, example: '2026-12-21T09:00:00.000Z' })
  expiresAt!: Date;

  /** @param sessionId of the request; null: of another user's */
  static of({ grant, client }: ListedGrant, sessionId: string | null): GrantReply {
    const { id, payload, createdAt, lastUsedAt, expiresAt } = grant;
    const current = grant.sessionId !== null && grant.sessionId === sessionId;
    const offline = grant.sessionId === null;
    const shown = { id, client: GrantedClientReply.of(client), scopes: scopesIn(payload), offline, current };
    return { ...shown, createdAt, lastUsedAt, expiresAt };
  }
}

/** A page of grants. */
export class GrantsReply {
  @ApiProperty({
    description: 'Grants in force, the latest first. A page may be short although more follow.',
    type: [GrantReply],
  })
  grants!: GrantReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;

  static of({ grants, next }: GrantPage, sessionId: string | null): GrantsReply {
    const shown = grants.map((one) => GrantReply.of(one, sessionId));
    return { grants: shown, nextCursor: next === null ? null : cursorOf(next) };
  }
}

/** A remembered consent. */
export class ConsentReply {
  @ApiProperty({ description: 'The `client_id`.', example: '01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a' })
  clientId!: string;

  @ApiProperty({ description: 'The client; null: it is not known any more.', type: GrantedClientReply, nullable: true })
  client!: GrantedClientReply | null;

  @ApiProperty({ description: 'Scopes by resource; those of OpenID Connect under `openid`.', ...SCOPES })
  scopes!: ScopesByResource;

  @ApiProperty({
    description: 'When it was last given. RFC 3339, UTC.',
    ...INSTANT,
    example: '2026-11-21T09:00:00.000Z',
  })
  givenAt!: Date;

  static of({ consent, client }: ListedConsent): ConsentReply {
    const { clientId, scopes, givenAt } = consent;
    return { clientId, client: client && GrantedClientReply.of(client), scopes, givenAt };
  }
}

/** A user's grants, and their remembered consents. */
export class OwnGrantsReply extends GrantsReply {
  @ApiProperty({
    description: 'Remembered consents, the latest first, at most 100; only on the first page.',
    type: [ConsentReply],
  })
  consents!: ConsentReply[];
}

/** Of its first address that is one of the web; loopback and schemes of its own say nothing about who it is. */
function hostOf({ origin, id, metadata, isNative }: OAuthClient): string | null {
  if (origin === 'document') return new URL(id).host;
  const [uri] = (metadata.redirect_uris ?? []) as readonly string[];
  return isNative || uri === undefined || !URL.canParse(uri) ? null : new URL(uri).host || null;
}
