import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../http/page-query.js';
import type { AuthContext, AuthSession, AuthUser, CredentialAuth } from '../kernel/auth-context.js';

/** A user in a reply. */
export class UserReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({
    description: 'In canonical form; null for a service user.',
    type: 'string',
    format: 'email',
    nullable: true,
    example: 'ada@example.com',
  })
  email!: string | null;

  @ApiProperty({ description: 'Whether the address has been proven.', example: true })
  emailVerified!: boolean;

  @ApiProperty({ description: 'As the user wrote it.', type: 'string', nullable: true, example: 'Ada Lovelace' })
  name!: string | null;

  @ApiProperty({ description: 'Roles, e.g. `admin`.', type: [String], example: [] })
  roles!: readonly string[];

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date;

  static of({ id, email, emailVerified, name, roles, createdAt }: AuthUser): UserReply {
    return { id, email, emailVerified, name, roles, createdAt };
  }
}

/** A session in a reply. */
export class SessionReply {
  @ApiProperty({
    description: 'Random UUID (version 4).',
    format: 'uuid',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({ description: 'What carries its ticket.', example: 'session' })
  strategy!: string;

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date;

  @ApiProperty({
    description: 'At most a minute late.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:05:00.000Z',
  })
  lastSeenAt!: Date;

  @ApiProperty({
    description: 'When it runs out if it is not used any more; use moves it, up to the absolute limit.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-28T09:05:00.000Z',
  })
  expiresAt!: Date;

  @ApiProperty({
    description: 'Seconds until `expiresAt`, so that no clocks need be compared; null: never.',
    type: 'integer',
    nullable: true,
    example: 604800,
  })
  expiresIn!: number | null;

  @ApiProperty({ description: 'Address at login.', type: 'string', nullable: true, example: '203.0.113.7' })
  ip!: string | null;

  @ApiProperty({
    description: 'User agent at login.',
    type: 'string',
    nullable: true,
    example: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0',
  })
  userAgent!: string | null;

  @ApiProperty({
    description: 'Readable browser and system.',
    type: 'string',
    nullable: true,
    example: 'Firefox on Linux',
  })
  device!: string | null;

  @ApiProperty({ description: 'Authentication methods proven, RFC 8176.', type: [String], example: ['pwd'] })
  amr!: readonly string[];

  @ApiProperty({
    description: 'The admin who acts as the user. Absent: nobody but the user.',
    format: 'uuid',
    required: false,
  })
  impersonatorId?: string;

  @ApiProperty({
    description: 'In the list of an admin: the user as whom they act in it. Absent: the session is their own.',
    format: 'uuid',
    required: false,
  })
  actingAs?: string;

  @ApiProperty({ description: 'Whether the request itself belongs to it.', example: true })
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
  @ApiProperty({ description: 'Who is logged in.', type: UserReply })
  user!: UserReply;

  @ApiProperty({ description: 'By which session.', type: SessionReply })
  session!: SessionReply;
}

export class SessionsReply {
  @ApiProperty({ description: 'Live sessions, the latest seen of a page first.', type: [SessionReply] })
  sessions!: SessionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
