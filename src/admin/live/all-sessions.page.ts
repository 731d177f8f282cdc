import { Body, Get, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, CurrentSession } from '../../access/route-decorators.js';
import type { FedEvent } from '../../audit/audit-feed.js';
import type { HttpReply, HttpRequest } from '../../edge/http-exchange.js';
import type { AuthContext, AuthSession } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { LiveQuery } from '../../live/live-query.js';
import { LiveStreams } from '../../live/live-streams.js';
import { AdminPage } from '../../pages/admin-page.js';
import { PagePaths } from '../../pages/page-paths.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { LiveSessions } from '../../sessions/live-sessions.js';
import { LogoutService } from '../../sessions/logout.service.js';
import { UserDirectory } from '../../users/user-directory.js';
import type { AdminActor } from '../admin-actor.js';
import { AdminSessionsService } from '../admin-sessions.service.js';
import { ByAdmin } from '../by-admin.decorator.js';
import type { AllSessionsValues } from './all-sessions.template.js';

const SHOWN = 50;

class AllSessionsQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class EndForm {
  @IsUUID()
  id!: string;
}

/** Everyone's sessions; the first page is live. */
@AdminPage('sessions')
export class AllSessionsPage {
  constructor(
    private readonly sessions: LiveSessions,
    private readonly ending: AdminSessionsService,
    private readonly users: UserDirectory,
    private readonly logoutService: LogoutService,
    private readonly streams: LiveStreams,
    private readonly paths: PagePaths,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() { cursor }: AllSessionsQuery, @CurrentSession() current: AuthSession): Promise<PageView> {
    const isFirst = cursor === undefined;
    const position = isFirst ? await this.streams.positionNow() : null;
    const { sessions, nextCursor, isNewestFirst } = await this.sessions.listNewest(cursor, SHOWN);
    const labels = await this.labelsOf(sessions);
    const values: AllSessionsValues = {
      live: position && this.paths.pathOf(`/admin/ui/sessions/live?after=${position}`),
      sessions: sessions.map(({ id, userId, device, userAgent, ip, amr, createdAt, lastSeenAt, impersonatorId }) => ({
        ...{ id, userId, ip, amr, createdAt, lastSeenAt },
        user: labels.get(userId) ?? null,
        device: device ?? userAgent,
        isCurrent: id === current.id,
        isImpersonated: impersonatorId !== null,
      })),
      isNewestFirst,
      isFirst,
      nextCursor,
    };
    return view('admin-sessions', { ...values });
  }

  @Get('live')
  follow(
    @Query() { after }: LiveQuery,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    return this.streams.follow(after, { concerns: mayChangeSessions }, auth, { request, reply });
  }

  @Post('end')
  async end(
    @Body() { id }: EndForm,
    @ByAdmin() by: AdminActor,
    @CurrentSession() current: AuthSession,
    @CurrentExchange() exchange: Exchange,
  ): Promise<SeeOther> {
    await this.ending.end(id, by);
    if (id.toLowerCase() !== current.id) return seeOther('/admin/ui/sessions', 'admin-sessions.ended');
    this.logoutService.withdrawTickets(exchange);
    exchange.replier.header('Clear-Site-Data', '"cache"');
    return seeOther('/signed-out');
  }

  private async labelsOf(sessions: readonly AuthSession[]): Promise<ReadonlyMap<string, string | null>> {
    const among = [...new Set(sessions.map(({ userId }) => userId))];
    if (among.length === 0) return new Map();
    const { users } = await this.users.list({ among, limit: among.length, now: this.clock.now() });
    return new Map(users.map(({ id, email, name }) => [id, email ?? name]));
  }
}

/** Failures, refused requests and what was only recorded change no session. */
function mayChangeSessions({ type }: FedEvent): boolean {
  return !/^(app\.|limit\.|mail\.|webhook\.|signing_key\.|audit\.|invitation\.)|\.failed$/.test(type);
}
