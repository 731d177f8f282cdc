import { Body, Get, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth, CurrentSession, CurrentUser } from '../access/route-decorators.js';
import type { HttpReply, HttpRequest } from '../edge/http-exchange.js';
import { ownPageSize } from '../http/page-query.js';
import type { AuthContext, AuthSession, AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { LiveQuery } from '../live/live-query.js';
import { LiveStreams } from '../live/live-streams.js';
import { PageController } from '../pages/page-controller.js';
import { PagePaths } from '../pages/page-paths.js';
import { type PageView, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { AccountSecurity } from '../security/account-security.js';
import { deviceName } from '../sessions/device-name.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionService } from '../sessions/session.service.js';
import { cursorAt, positionIn } from '../sessions/session-cursor.js';
import { DeviceList } from './device-list.js';

class SessionsQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class IdForm {
  @IsUUID()
  id!: string;
}

/** A user's sessions, live, and the browsers they are known to log in from. */
@PageController('account/sessions', 'account')
export class AccountSessionsPage {
  constructor(
    private readonly sessions: SessionService,
    private readonly devices: DeviceList,
    private readonly security: AccountSecurity,
    private readonly logoutService: LogoutService,
    private readonly streams: LiveStreams,
    private readonly paths: PagePaths,
  ) {}

  @Get()
  async show(
    @Query() { cursor }: SessionsQuery,
    @CurrentUser() { id: userId }: AuthUser,
    @CurrentSession() current: AuthSession,
  ): Promise<PageView> {
    const position = await this.streams.positionNow();
    const isFirst = cursor === undefined;
    const [{ sessions, next }, acting, devices] = await Promise.all([
      this.sessions.listOf(userId, positionIn(cursor), ownPageSize(undefined)),
      isFirst ? this.sessions.listActingOf(userId) : [],
      this.devices.listOf(userId),
    ]);
    return view('account-sessions', {
      live: this.paths.pathOf(`/account/sessions/live?after=${position}`),
      sessions: [...sessions, ...acting].map((session) => sessionOf(session, current, userId)),
      nextCursor: cursorAt(next),
      devices: devices.map(({ id, userAgent, lastSeenAt, rememberedUntil }) => ({
        ...{ id, lastSeenAt, rememberedUntil },
        device: deviceName(userAgent) ?? userAgent,
      })),
    });
  }

  /** Whatever happens to the user, or is done by them: their sessions may be others then. */
  @Get('live')
  follow(
    @Query() { after }: LiveQuery,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const { id } = auth.user;
    const concerns = ({ userId, actorId }: { userId: string | null; actorId: string | null }) =>
      userId === id || actorId === id;
    return this.streams.follow(after, { concerns }, auth, { request, reply });
  }

  @Post('end')
  async end(
    @Body() { id }: IdForm,
    @CurrentUser() user: AuthUser,
    @CurrentSession() current: AuthSession,
    @CurrentExchange() exchange: Exchange,
  ): Promise<SeeOther> {
    const sessionId = id.toLowerCase();
    await this.sessions.endOwn(user.id, sessionId, 'ended_by_user', { origin: exchange.caller });
    if (sessionId !== current.id) return seeOther('/account/sessions', 'account-sessions.ended');
    this.logoutService.withdrawTickets(exchange);
    exchange.replier.header('Clear-Site-Data', '"cache"');
    return seeOther('/signed-out');
  }

  @Get('others')
  async askAboutOthers(@CurrentUser() user: AuthUser, @CurrentSession() current: AuthSession): Promise<PageView> {
    const { sessions, next } = await this.sessions.listOf(user.id, null, ownPageSize(undefined));
    const others = sessions.filter(({ id }) => id !== current.id).length;
    return view('account-sessions-others', { others, isMore: next !== null });
  }

  @Post('others')
  async endOthers(
    @CurrentUser() { id: userId }: AuthUser,
    @CurrentSession() { id: exceptSessionId }: AuthSession,
    @CurrentExchange() exchange: Exchange,
  ): Promise<SeeOther> {
    const epoch = await this.sessions.userEpochOf(exceptSessionId);
    await this.security.apply('logged_out_others', { userId, origin: exchange.caller, exceptSessionId, epoch });
    return seeOther('/account/sessions', 'account-sessions.others-ended');
  }

  @Post('forget')
  async forget(@Body() { id }: IdForm, @CurrentUser() user: AuthUser): Promise<SeeOther> {
    const isForgotten = await this.devices.forget(user.id, id.toLowerCase());
    if (!isForgotten) throw new AuthError('not_found', { reason: 'no_such_device' });
    return seeOther('/account/sessions', 'account-sessions.forgotten');
  }
}

function sessionOf(session: AuthSession, current: AuthSession, userId: string) {
  const { id, device, userAgent, ip, amr, createdAt, lastSeenAt, impersonatorId } = session;
  return {
    ...{ id, ip, amr, createdAt, lastSeenAt },
    device: device ?? userAgent,
    isCurrent: id === current.id,
    isActing: session.userId !== userId,
    isImpersonated: impersonatorId !== null && session.userId === userId,
  };
}
