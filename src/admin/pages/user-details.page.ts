import { Get, Param, Post, Query } from '@nestjs/common';
import { IsString, IsUUID, MaxLength } from 'class-validator';
import { CurrentAuth } from '../../access/route-decorators.js';
import { AuditRecords } from '../../audit/audit-records.js';
import { Options } from '../../config/options.js';
import { Factors } from '../../credentials/factors.js';
import { factorPageName } from '../../credentials/pages/factor-pages.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { type AuthContext, ticketIdOf } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Catalogue } from '../../languages/catalogue.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { SessionService } from '../../sessions/session.service.js';
import { cursorAt, positionIn } from '../../sessions/session-cursor.js';
import { headOf, userPath } from '../../users/user-tabs.js';
import type { AdminActor } from '../admin-actor.js';
import { IfGiven } from '../admin-fields.js';
import { AdminSessionsService } from '../admin-sessions.service.js';
import { UserParams } from '../admin-users.requests.js';
import { AdminUsersService } from '../admin-users.service.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { shownEvent } from './shown-event.js';

const SHOWN = 50;

class CursorQuery {
  @IfGiven('cursor')
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class UserSessionParams extends UserParams {
  @IsUUID()
  sessionId!: string;
}

/** The pages of one user: their holdings and history. */
@AdminPage('users/:id')
export class UserDetailsPage {
  constructor(
    private readonly users: AdminUsersService,
    private readonly sessions: SessionService,
    private readonly adminSessions: AdminSessionsService,
    private readonly factors: Factors,
    private readonly catalogue: Catalogue,
    private readonly records: AuditRecords,
    private readonly options: Options,
  ) {}

  @Get('sessions')
  async showSessions(
    @Param() { id }: UserParams,
    @Query() { cursor }: CursorQuery,
    @CurrentAuth() auth: AuthContext,
  ): Promise<PageView> {
    const user = await this.users.get(id);
    const { sessions, next } = await this.sessions.listOf(user.id, positionIn(cursor), SHOWN);
    const own = ticketIdOf(auth);
    return view('admin-user-sessions', {
      ...headOf(user, 'sessions', this.options),
      sessions: sessions.map(({ id, device, ip, createdAt, lastSeenAt, amr, impersonatorId }) => {
        return { id, device, ip, createdAt, lastSeenAt, amr, isActing: impersonatorId !== null, isCurrent: id === own };
      }),
      isFirst: !cursor,
      next: cursorAt(next),
    });
  }

  @Post('sessions/:sessionId/end')
  async endSession(@Param() { id, sessionId }: UserSessionParams, @ByAdmin() by: AdminActor): Promise<SeeOther> {
    try {
      await this.adminSessions.end(sessionId, by);
      return seeOther(userPath(id, 'sessions'), 'admin-user-sessions.ended');
    } catch (error) {
      // The page is older than its end: that is what was asked for.
      if (!(error instanceof AuthError) || error.code !== 'not_found') throw error;
      return seeOther(userPath(id, 'sessions'), 'admin-user-sessions.already');
    }
  }

  @Get('factors')
  async showFactors(@Param() { id }: UserParams): Promise<PageView> {
    const user = await this.users.get(id);
    const enrolled = (await this.factors.enrolledBy(user.id)).map(
      ({ factor, name, enrolledAt, lastUsedAt, remaining }) => {
        const key = `${factorPageName(factor)}.name`;
        return { factor, label: this.catalogue.has(key) ? key : null, name, enrolledAt, lastUsedAt, remaining };
      },
    );
    return view('admin-user-factors', { ...headOf(user, 'factors', this.options), factors: enrolled });
  }

  @Get('log')
  async showLog(@Param() { id }: UserParams, @Query() { cursor }: CursorQuery): Promise<PageView> {
    const user = await this.users.get(id);
    const { events, next } = await this.records.page({ userId: user.id, before: idsIn(cursor, 1)?.[0] }, SHOWN);
    return view('admin-user-log', {
      ...headOf(user, 'log', this.options),
      events: events.map(shownEvent),
      isFirst: !cursor,
      next: next && cursorOf(next),
    });
  }
}
