import { Get, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { CurrentUser } from '../access/route-decorators.js';
import { SecurityLog, type SecurityLogEntry } from '../audit/security-log.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { cursorOf, idsIn } from '../http/page-cursor.js';
import { NEXT_CURSOR, PageQuery, pageSize } from '../http/page-query.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { SECURITY_LOG_KINDS, type SecurityLogKind } from '../kernel/security-log.js';
import { deviceName } from '../sessions/device-name.js';

/** Which part of the security log. */
export class SecurityLogQuery extends PageQuery {
  @ApiProperty({ description: 'Only entries of this kind.', required: false, enum: SECURITY_LOG_KINDS })
  @ValidateIf((query: SecurityLogQuery) => query.kind !== undefined)
  @IsIn(SECURITY_LOG_KINDS)
  kind?: SecurityLogKind;
}

class SecurityLogEntryReply implements Omit<SecurityLogEntry, 'at'> {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'RFC 3339, UTC.', format: 'date-time', example: '2026-11-21T09:00:00.000Z' })
  at!: Date;

  @ApiProperty({ description: 'Type of the event, as in the list of audit events.', example: 'login.succeeded' })
  type!: string;

  @ApiProperty({ description: 'Kind of the entry.', enum: SECURITY_LOG_KINDS, example: 'sign_in' })
  kind!: SecurityLogKind;

  @ApiProperty({
    description: 'Whether an admin did it. Who it was, from where and why is not shown.',
    example: false,
  })
  byAdmin!: boolean;

  @ApiProperty({
    description: 'IP address of the request; null: unknown, or not shown.',
    type: 'string',
    nullable: true,
    example: '203.0.113.7',
  })
  ip!: string | null;

  @ApiProperty({
    description: 'User agent of the request; null: unknown, or not shown.',
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

  @ApiProperty({
    description: 'Further values: `factor`, `keyId`, or `left`, the number of recovery codes that remain.',
    type: 'object',
    additionalProperties: true,
    example: {},
  })
  details!: Readonly<Record<string, unknown>>;

  static of(entry: SecurityLogEntry): SecurityLogEntryReply {
    return { ...entry, device: deviceName(entry.userAgent) };
  }
}

class SecurityLogReply {
  @ApiProperty({
    description: 'The newest first. A page may be short, or empty, although more entries follow.',
    type: [SecurityLogEntryReply],
  })
  entries!: SecurityLogEntryReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

@AuthController('auth/me/log', 'Profile')
export class SecurityLogController {
  constructor(private readonly log: SecurityLog) {}

  @Describe({
    summary: 'Read my security log',
    description:
      'Sign-ins, changes of credentials, API keys and the account. Internal reasons, and anything about the admin who did something, are not shown.',
    answers: { 200: { description: 'A page of entries.', type: SecurityLogReply } },
    errors: ['validation_failed'],
  })
  @Get()
  async readMyLog(
    @Query() { kind, cursor, limit }: SecurityLogQuery,
    @CurrentUser() { id }: AuthUser,
  ): Promise<SecurityLogReply> {
    const before = idsIn(cursor, 1)?.[0];
    const { entries, next } = await this.log.page(id, { kind, before, limit: pageSize(limit) });
    return { entries: entries.map(SecurityLogEntryReply.of), nextCursor: next === null ? null : cursorOf(next) };
  }
}
