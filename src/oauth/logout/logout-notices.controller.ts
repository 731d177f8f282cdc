import { Body, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn } from '../oauth-options.js';
import { NotifiedClientRequest } from './logout-notices.requests.js';
import { type NotifiedClient, type UndeliveredNotice, UndeliveredNotices } from './undelivered-notices.js';

class NotifiedClientReply implements NotifiedClient {
  @ApiProperty({ description: 'Id of the client (`client_id`).', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  clientId!: string;

  @ApiProperty({ description: 'Its name; null if it was deleted.', type: 'string', nullable: true, example: 'Shop' })
  name!: string | null;

  @ApiProperty({
    description: 'Number of notices that wait for delivery, among 10,000 of all clients.',
    type: 'integer',
    example: 0,
  })
  waiting!: number;

  @ApiProperty({
    description: 'Number of notices whose delivery was given up, among the 10,000 most recent ones of all clients.',
    type: 'integer',
    example: 3,
  })
  dead!: number;
}

class UndeliveredNoticeReply implements UndeliveredNotice {
  @ApiProperty({ description: 'Id of the client (`client_id`).', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  clientId!: string;

  @ApiProperty({ description: 'Id of the user whose session ended.', format: 'uuid' })
  userId!: string;

  @ApiProperty({ description: 'Id of the session that ended.', format: 'uuid' })
  sessionId!: string;

  @ApiProperty({ description: 'Number of attempts.', type: 'integer', example: 10 })
  attempts!: number;

  @ApiProperty({ description: 'Error of the last attempt.', type: 'string', nullable: true, example: 'status 500' })
  lastError!: string | null;

  @ApiProperty({ description: 'Time at which the session ended.', format: 'date-time' })
  endedAt!: Date;

  @ApiProperty({ description: 'Time at which delivery was given up.', format: 'date-time' })
  deadAt!: Date;
}

class LogoutNoticesReply {
  @ApiProperty({
    description: 'Clients that notices are kept for, at most 100: those with the most that were given up first.',
    type: [NotifiedClientReply],
  })
  clients!: NotifiedClientReply[];

  @ApiProperty({
    description: 'At most 100 notices whose delivery was given up, the most recent first.',
    type: [UndeliveredNoticeReply],
  })
  deadLetters!: UndeliveredNoticeReply[];
}

class ReviveNoticesReply {
  @ApiProperty({ description: 'Number of notices that are sent again.', type: 'integer', example: 3 })
  revived!: number;
}

@AuthController('admin/logout-notices', 'Admin', isOAuthOn)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class LogoutNoticesController {
  constructor(private readonly notices: UndeliveredNotices) {}

  @Describe({
    summary: 'List what OAuth clients were not told of the end of sessions',
    description:
      'A client with a `backchannelLogoutUri` is told of each end of a session, ten times in three days at most. What is given up is kept for 30 days.',
    answers: {
      200: { description: 'Notices that were given up, and how many each client has.', type: LogoutNoticesReply },
    },
    errors: ['forbidden'],
  })
  @Get()
  async listLogoutNotices(): Promise<LogoutNoticesReply> {
    const [clients, deadLetters] = await Promise.all([this.notices.clients(), this.notices.latest()]);
    return { clients, deadLetters };
  }

  @Describe({
    summary: 'Tell an OAuth client again of the end of sessions',
    description: 'Takes up what was given up. Nothing is sent to a client that is disabled or gone.',
    answers: { 200: { description: 'Delivery starts again at once.', type: ReviveNoticesReply } },
    errors: ['forbidden'],
  })
  @Post('revive')
  @HttpCode(200)
  async reviveLogoutNotices(
    @Body() { clientId }: NotifiedClientRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ReviveNoticesReply> {
    return { revived: await this.notices.revive(clientId, actorOf(auth, request)) };
  }
}
