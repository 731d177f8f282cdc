import { ApiProperty } from '@nestjs/swagger';
import { TakesDeclaredFields } from '../http/body-fields.js';
import { NEXT_CURSOR } from '../http/page-query.js';
import type { AuthContext, AuthSession, AuthUser, CredentialAuth, SessionMetadata } from '../kernel/auth-context.js';

/** A user in a reply, with the fields that the application has declared. */
@TakesDeclaredFields('reply')
export class UserReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({
    description: 'Normalized address; null for a service user.',
    type: 'string',
    format: 'email',
    nullable: true,
    example: 'ada@example.com',
  })
  email!: string | null;

  @ApiProperty({ description: 'Whether the address is verified.', example: true })
  emailVerified!: boolean;

  @ApiProperty({
    description: 'Display name, as the user entered it.',
    type: 'string',
    nullable: true,
    example: 'Ada Lovelace',
  })
  name!: string | null;

  @ApiProperty({
    description: 'Language that the user has chosen for pages and e-mails. Absent: none.',
    required: false,
    example: 'de',
  })
  language?: string;

  @ApiProperty({ description: 'Roles, e.g. `admin`.', type: [String], example: [] })
  roles!: readonly string[];

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date;

  static of({ id, email, emailVerified, name, language, roles, createdAt, fields }: AuthUser): UserReply {
    const chosen = language ? { language } : {};
    return { ...fields, id, email, emailVerified, name, ...chosen, roles, createdAt };
  }
}

/** A session in a reply. */
export class SessionReply {
  @ApiProperty({
    description: 'Random UUID (version 4). With a credential of a machine: what identifies that.',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({ description: 'Strategy that authenticates its requests.', example: 'session' })
  strategy!: string;

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date;

  @ApiProperty({
    description: 'Time of its last use, RFC 3339, UTC; up to a minute old.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:05:00.000Z',
  })
  lastSeenAt!: Date;

  @ApiProperty({
    description: 'Time at which the session expires if it is not used. Use extends it, up to the absolute limit.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-28T09:05:00.000Z',
  })
  expiresAt!: Date;

  @ApiProperty({
    description:
      'Seconds until `expiresAt`, independent of the clock of the client; null: the session does not expire.',
    type: 'integer',
    nullable: true,
    example: 604800,
  })
  expiresIn!: number | null;

  @ApiProperty({ description: 'IP address at login.', type: 'string', nullable: true, example: '203.0.113.7' })
  ip!: string | null;

  @ApiProperty({
    description: 'User agent at login.',
    type: 'string',
    nullable: true,
    example: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0',
  })
  userAgent!: string | null;

  @ApiProperty({
    description: 'Browser and operating system, readable.',
    type: 'string',
    nullable: true,
    example: 'Firefox on Linux',
  })
  device!: string | null;

  @ApiProperty({ description: 'Authentication methods that were used, RFC 8176.', type: [String], example: ['pwd'] })
  amr!: readonly string[];

  @ApiProperty({
    description: 'Id of the admin who acts as the user in this session. Absent: the user acts.',
    format: 'uuid',
    required: false,
  })
  impersonatorId?: string;

  @ApiProperty({
    description:
      'Only for an admin: id of the user as whom the admin acts in this session. Absent: the session is their own.',
    format: 'uuid',
    required: false,
  })
  actingAs?: string;

  @ApiProperty({
    description:
      'What the application noted of the session. Absent unless `SESSION_METADATA_SHOWN`, and without a note.',
    type: 'object',
    additionalProperties: true,
    selfRequired: false,
    example: { shop: 'berlin' },
  })
  metadata?: SessionMetadata;

  @ApiProperty({ description: 'Whether this is the session of the request.', example: true })
  current!: boolean;

  static of(session: AuthSession, currentId: string | null, now: Date): SessionReply {
    const { id, strategy, createdAt, lastSeenAt, expiresAt, ip, userAgent, device, amr, impersonatorId } = session;
    const expiresIn = secondsBetween(now, expiresAt);
    const seen = { createdAt, lastSeenAt, expiresAt, expiresIn, ip, userAgent, device };
    return { id, strategy, ...seen, amr, current: id === currentId, ...(impersonatorId && { impersonatorId }) };
  }

  /** Of the request itself. */
  static ofCaller(auth: AuthContext, now: Date): SessionReply {
    return auth.by === 'session' ? SessionReply.of(auth.session, auth.session.id, now) : replyOfCredential(auth, now);
  }
}

/** The reply has a date for each: of what never expires, the last one that every client can read. */
const NEVER = new Date('9999-12-31T23:59:59.999Z');

/** A machine has no session. What is known of its credential is told in the same fields. */
function replyOfCredential({ by, strategy, credential }: CredentialAuth, now: Date): SessionReply {
  const { id, name, createdAt, lastUsedAt, expiresAt } = credential;
  return {
    ...{ id, strategy, createdAt, lastSeenAt: lastUsedAt ?? createdAt, expiresAt: expiresAt ?? NEVER },
    expiresIn: expiresAt && secondsBetween(now, expiresAt),
    ...{ ip: null, userAgent: null, device: name, current: true },
    // RFC 8176: proof of possession of a key.
    amr: by === 'certificate' ? ['pop'] : [],
  };
}

/** Whole seconds, never less than none. */
function secondsBetween(now: Date, later: Date): number {
  return Math.max(0, Math.floor((later.getTime() - now.getTime()) / 1000));
}

export class MeReply {
  @ApiProperty({ description: 'The current user.', type: UserReply })
  user!: UserReply;

  @ApiProperty({ description: 'The current session.', type: SessionReply })
  session!: SessionReply;
}

export class SessionsReply {
  @ApiProperty({ description: 'Live sessions; within a page, the most recently used first.', type: [SessionReply] })
  sessions!: SessionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
