import { ApiProperty } from '@nestjs/swagger';
import type { AuditEventEntity } from '../audit/audit-event.entity.js';
import { TakesDeclaredFields } from '../http/body-fields.js';
import { NEXT_CURSOR } from '../http/page-query.js';
import { USER_KINDS, type UserKind } from '../kernel/auth-context.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import { isBanned, toAuthUser, type UserRecord } from '../users/user.store.js';
import { statusOf, USER_STATUSES, type UserStatus } from '../users/user-directory.js';

const INSTANT = { type: 'string', format: 'date-time' } as const;

/** A user as admins see them. */
@TakesDeclaredFields('reply')
export class AdminUserReply extends UserReply {
  @ApiProperty({
    description: '`person`, or `service` for a machine, which cannot log in.',
    enum: USER_KINDS,
    type: 'string',
    example: 'person',
  })
  kind!: UserKind;

  @ApiProperty({ description: 'Status of the user.', enum: USER_STATUSES, type: 'string', example: 'active' })
  status!: UserStatus;

  @ApiProperty({
    description: 'Start of the ban; null if the user is not banned.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  bannedAt!: Date | null;

  @ApiProperty({
    description: 'End of the ban; null if it does not expire.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  bannedUntil!: Date | null;

  @ApiProperty({ description: 'Reason that the admin gave.', type: 'string', nullable: true, example: null })
  banReason!: string | null;

  @ApiProperty({
    description: 'Username; null if the user has none. Absent unless `USERNAMES=true`.',
    type: 'string',
    nullable: true,
    required: false,
    example: null,
  })
  username?: string | null;

  static from(user: UserRecord, now: Date, lockedIds: readonly string[]): AdminUserReply {
    const banned = isBanned(user, now);
    const locked = lockedIds.includes(user.id);
    const ban = banned
      ? { bannedAt: user.bannedAt, bannedUntil: user.bannedUntil, banReason: user.banReason }
      : { bannedAt: null, bannedUntil: null, banReason: null };
    return { ...UserReply.of(toAuthUser(user)), kind: user.kind, status: statusOf(user, { banned, locked }), ...ban };
  }
}

export class UsersReply {
  @ApiProperty({ description: 'The most recently created first.', type: [AdminUserReply] })
  users!: AdminUserReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

/** A session as admins see it. */
export class AdminSessionReply extends SessionReply {
  @ApiProperty({ description: 'Id of the user whose session it is.', format: 'uuid' })
  userId!: string;
}

export class AdminSessionsReply {
  @ApiProperty({
    description: 'Live sessions; within a page, the most recently used first.',
    type: [AdminSessionReply],
  })
  sessions!: AdminSessionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class AllSessionsReply {
  @ApiProperty({
    description: 'Live sessions, sorted by user. A page may be short although more follow.',
    type: [AdminSessionReply],
  })
  sessions!: AdminSessionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

/** Something that happened. */
export class AuditEventReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Time of the event, RFC 3339, UTC.', ...INSTANT })
  at!: Date;

  @ApiProperty({ description: 'Type of the event; the event reference lists all types.', example: 'login.failed' })
  type!: string;

  @ApiProperty({
    description: 'Id of the user whom the event concerns.',
    type: 'string',
    format: 'uuid',
    nullable: true,
  })
  userId!: string | null;

  @ApiProperty({
    description: 'Id of the acting user, if it is not the user concerned.',
    type: 'string',
    format: 'uuid',
    nullable: true,
  })
  actorId!: string | null;

  @ApiProperty({ description: 'Id of the session.', type: 'string', format: 'uuid', nullable: true })
  sessionId!: string | null;

  @ApiProperty({ description: 'Internal reason.', type: 'string', nullable: true, example: 'logout' })
  reason!: string | null;

  @ApiProperty({ description: 'IP address of the client.', type: 'string', nullable: true, example: '203.0.113.7' })
  ip!: string | null;

  @ApiProperty({ description: 'User agent of the client.', type: 'string', nullable: true })
  userAgent!: string | null;

  @ApiProperty({ description: 'Id of the request.', type: 'string', nullable: true })
  requestId!: string | null;

  @ApiProperty({ description: 'Further details of the event.', type: Object })
  details!: object;

  static of(event: AuditEventEntity): AuditEventReply {
    const { id, at, type, userId, actorId, sessionId, reason, ip, userAgent, requestId, details } = event;
    return { id, at, type, userId, actorId, sessionId, reason, ip, userAgent, requestId, details };
  }
}

export class AuditReply {
  @ApiProperty({ description: 'The newest first.', type: [AuditEventReply] })
  events!: AuditEventReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
