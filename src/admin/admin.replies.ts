import { ApiProperty } from '@nestjs/swagger';
import type { AuditEventEntity } from '../audit/audit-event.entity.js';
import { NEXT_CURSOR } from '../http/page-query.js';
import { USER_KINDS, type UserKind } from '../kernel/auth-context.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import { isBanned, toAuthUser, type UserRecord } from '../users/user.store.js';
import { statusOf, USER_STATUSES, type UserStatus } from '../users/user-directory.js';

const INSTANT = { type: 'string', format: 'date-time' } as const;

/** A user as admins see them. */
export class AdminUserReply extends UserReply {
  @ApiProperty({
    description: '`service`: a machine, which cannot log in.',
    enum: USER_KINDS,
    type: 'string',
    example: 'person',
  })
  kind!: UserKind;

  @ApiProperty({ description: 'How the user stands now.', enum: USER_STATUSES, type: 'string', example: 'active' })
  status!: UserStatus;

  @ApiProperty({ description: 'Since when, if banned.', ...INSTANT, nullable: true, example: null })
  bannedAt!: Date | null;

  @ApiProperty({ description: 'When the ban ends by itself; null: never.', ...INSTANT, nullable: true, example: null })
  bannedUntil!: Date | null;

  @ApiProperty({ description: 'What the admin wrote.', type: 'string', nullable: true, example: null })
  banReason!: string | null;

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
  @ApiProperty({ description: 'The latest made first.', type: [AdminUserReply] })
  users!: AdminUserReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

/** A session as admins see it. */
export class AdminSessionReply extends SessionReply {
  @ApiProperty({ description: 'Whose it is.', format: 'uuid' })
  userId!: string;
}

export class AdminSessionsReply {
  @ApiProperty({ description: 'Live sessions, the latest seen of a page first.', type: [AdminSessionReply] })
  sessions!: AdminSessionReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class AllSessionsReply {
  @ApiProperty({
    description: 'Live sessions, by user. A page may be short though more follow.',
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

  @ApiProperty({ description: 'When.', ...INSTANT })
  at!: Date;

  @ApiProperty({ description: 'What happened: one of the types of the event reference.', example: 'login.failed' })
  type!: string;

  @ApiProperty({ description: 'Whom it happened to.', type: 'string', format: 'uuid', nullable: true })
  userId!: string | null;

  @ApiProperty({ description: 'Who did it, if that is somebody else.', type: 'string', format: 'uuid', nullable: true })
  actorId!: string | null;

  @ApiProperty({ description: 'Of which session.', type: 'string', format: 'uuid', nullable: true })
  sessionId!: string | null;

  @ApiProperty({ description: 'Why.', type: 'string', nullable: true, example: 'logout' })
  reason!: string | null;

  @ApiProperty({ description: 'From where.', type: 'string', nullable: true, example: '203.0.113.7' })
  ip!: string | null;

  @ApiProperty({ description: 'By which program.', type: 'string', nullable: true })
  userAgent!: string | null;

  @ApiProperty({ description: 'In which request.', type: 'string', nullable: true })
  requestId!: string | null;

  @ApiProperty({ description: 'Whatever else the event says.', type: Object })
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
