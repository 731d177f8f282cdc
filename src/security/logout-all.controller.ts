import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentSession, CurrentUser } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthSession, AuthUser } from '../kernel/auth-context.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionService } from '../sessions/session.service.js';
import { AccountSecurity } from './account-security.js';

class LogoutAllRequest {
  @ApiProperty({ description: 'Whether the session of this request continues.', required: false, example: true })
  @IsOptional()
  @IsBoolean()
  keepCurrent?: boolean;
}

@AuthController('auth', 'Sessions')
export class LogoutAllController {
  constructor(
    private readonly security: AccountSecurity,
    private readonly sessions: SessionService,
    private readonly logoutService: LogoutService,
  ) {}

  @Describe({
    summary: 'Log out everywhere',
    description: 'Also ends logins in progress, remembered devices and requested changes of e-mail address.',
    answers: { 204: { description: 'All sessions have ended, except the current one if `keepCurrent` is true.' } },
  })
  @Post('logout-all')
  @HttpCode(204)
  async logoutAll(
    @Body() { keepCurrent }: LogoutAllRequest,
    @CurrentUser() { id: userId }: AuthUser,
    @CurrentSession() { id: exceptSessionId }: AuthSession,
    @CurrentExchange() exchange: Exchange,
  ): Promise<void> {
    const epoch = await this.sessions.userEpochOf(exceptSessionId);
    const event = keepCurrent ? 'logged_out_others' : 'logged_out_everywhere';
    await this.security.apply(event, { userId, origin: exchange.caller, exceptSessionId, epoch });
    if (!keepCurrent) this.logoutService.withdrawTickets(exchange);
  }
}
