import { Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { PageQuery, pageSize } from '../http/page-query.js';
import { type AuthContext, ticketIdOf } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { LiveSessions } from '../sessions/live-sessions.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionReply } from '../sessions/session.replies.js';
import { cursorAtKey, keyIn } from '../sessions/session-cursor.js';
import { AllSessionsReply } from './admin.replies.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AdminSessionParams } from './admin-sessions.requests.js';
import { AdminSessionsService } from './admin-sessions.service.js';
import { ByAdmin } from './by-admin.decorator.js';
import { EmergencyService } from './emergency.service.js';

@AdminController('admin')
export class AdminSessionsController {
  constructor(
    private readonly live: LiveSessions,
    private readonly sessions: AdminSessionsService,
    private readonly logout: LogoutService,
    private readonly emergency: EmergencyService,
    private readonly clock: Clock,
  ) {}

  @Describe({
    summary: 'List all live sessions',
    description:
      'Sorted by user. A page may be short or empty although more sessions follow: continue until `nextCursor` is null.',
    answers: { 200: { description: 'A page of sessions.', type: AllSessionsReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get('sessions')
  async listAllSessions(
    @Query() { cursor, limit }: PageQuery,
    @CurrentAuth() auth: AuthContext,
  ): Promise<AllSessionsReply> {
    const { sessions, next } = await this.live.list(keyIn(cursor), pageSize(limit));
    const now = this.clock.now();
    return {
      sessions: sessions.map((session) => ({
        ...SessionReply.of(session, ticketIdOf(auth), now),
        userId: session.userId,
      })),
      nextCursor: cursorAtKey(next),
    };
  }

  @Describe({
    summary: 'End any session',
    answers: { 204: { description: 'The session has ended on every node.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Delete('sessions/:id')
  @HttpCode(204)
  async endAnySession(@Param() { id }: AdminSessionParams, @ByAdmin() by: AdminActor): Promise<void> {
    await this.sessions.end(id, by);
  }

  @Describe({
    summary: 'End all sessions and API keys',
    description:
      'Ends all sessions that were started before now, with all their tickets, including the caller’s own, and revokes all API keys. Links in e-mails stay valid.',
    answers: { 204: { description: 'No earlier session or API key is accepted on any node.' } },
    errors: ['forbidden'],
  })
  @Post('revoke-all')
  @HttpCode(204)
  async revokeAll(@ByAdmin() by: AdminActor, @CurrentExchange() exchange: Exchange): Promise<void> {
    await this.emergency.revokeAll(by);
    this.logout.withdrawTickets(exchange);
  }
}
