import { Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { Public } from '../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth, CurrentSession, CurrentUser, Scopes } from '../access/route-decorators.js';
import { Options } from '../config/options.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { IfNoneMatch, isKnownTag, weakTagOf } from '../http/entity-tag.js';
import { NoDeadline } from '../http/no-deadline.decorator.js';
import { ownPageSize, PageQuery } from '../http/page-query.js';
import type { AuthContext, AuthSession, AuthUser } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { LogoutService } from './logout.service.js';
import { MeReply, SessionReply, SessionsReply, UserReply } from './session.replies.js';
import { SessionService } from './session.service.js';
import { cursorAt, positionIn } from './session-cursor.js';
import { sessionOptions } from './session-options.js';

class SessionParams {
  @ApiProperty({
    description: 'Id of the session, as listed.',
    format: 'uuid',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  @IsUUID()
  id!: string;
}

@AuthController('auth', 'Sessions')
export class SessionsController {
  private readonly showsMetadata: boolean;

  constructor(
    private readonly sessions: SessionService,
    private readonly logoutService: LogoutService,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.showsMetadata = options.of(sessionOptions).sessionMetadataShown;
  }

  @Describe({
    summary: 'Read the current user',
    description:
      'With an API key, a certificate or an access token of a client, `session` describes that credential. Such a token must have the scope `openid`. The `ETag` of the response changes with everything but the times of the session: sent back as `If-None-Match`, the answer is 304 while nothing has changed.',
    answers: {
      200: { description: 'The user and the session.', type: MeReply },
      304: { description: 'Nothing has changed but the times of the session.' },
    },
  })
  @Get('me')
  @NoDeadline()
  @Scopes()
  readMe(
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() { replier }: Exchange,
    @IfNoneMatch() known?: string,
  ): MeReply | undefined {
    const { lastSeenAt, expiresAt, expiresIn, ...lasting } = SessionReply.ofCaller(auth, this.clock.now());
    const user = UserReply.of(auth.user);
    const session = auth.by === 'session' ? { ...lasting, ...this.noted(auth.session) } : lasting;
    const tag = weakTagOf([user, session]);
    replier.header('ETag', tag);
    if (!isKnownTag(known, tag)) return { user, session: { ...session, lastSeenAt, expiresAt, expiresIn } };
    replier.status(304);
    return undefined;
  }

  @Describe({
    summary: 'List my sessions',
    description:
      'All live sessions, the most recently started first. Within a page, the most recently used come first. The first page also contains the sessions in which an admin acts as another user, named by `actingAs`.',
    answers: { 200: { description: 'A page of sessions.', type: SessionsReply } },
    errors: ['validation_failed'],
  })
  @Get('sessions')
  async listSessions(
    @Query() { cursor, limit }: PageQuery,
    @CurrentUser() user: AuthUser,
    @CurrentSession() current: AuthSession,
  ): Promise<SessionsReply> {
    const { sessions, next } = await this.sessions.listOf(user.id, positionIn(cursor), ownPageSize(limit));
    const now = this.clock.now();
    const acting = cursor === undefined ? await this.sessions.listActingOf(user.id) : [];
    const actingReplies = acting.map((session) => ({
      ...SessionReply.of(session, current.id, now),
      actingAs: session.userId,
    }));
    return {
      sessions: [
        ...sessions.map((session) => ({ ...SessionReply.of(session, current.id, now), ...this.noted(session) })),
        ...actingReplies,
      ],
      nextCursor: cursorAt(next),
    };
  }

  private noted({ metadata }: AuthSession): Pick<SessionReply, 'metadata'> {
    return this.showsMetadata && Object.keys(metadata).length > 0 ? { metadata } : {};
  }

  @Describe({
    summary: 'End one of my sessions',
    answers: { 204: { description: 'The session has ended on every node.' } },
    errors: ['validation_failed', 'not_found'],
  })
  @Delete('sessions/:id')
  @HttpCode(204)
  async endSession(
    @Param() { id }: SessionParams,
    @CurrentUser() user: AuthUser,
    @CurrentSession() current: AuthSession,
    @CurrentExchange() exchange: Exchange,
  ): Promise<void> {
    const sessionId = id.toLowerCase();
    await this.sessions.endOwn(user.id, sessionId, 'ended_by_user', { origin: exchange.caller });
    if (sessionId === current.id) this.logoutService.withdrawTickets(exchange);
  }

  @Describe({
    summary: 'Log out',
    description:
      'Ends the session of the ticket in the request, even if the ticket has expired, and clears its cookies.',
    answers: { 204: { description: 'The answer is always the same.' } },
  })
  @Post('logout')
  @Public()
  @HttpCode(204)
  async logout(@CurrentExchange() exchange: Exchange): Promise<void> {
    await this.logoutService.logout(exchange);
  }
}
