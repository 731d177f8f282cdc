import { Body, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { linkPage, ServesLinkPage } from '../users/link-page.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { FactorAttempts } from './factor-attempts.js';
import { FactorFailures } from './factor-failures.js';
import { UNLOCK } from './lock-notifications.js';
import { Lockout } from './lockout.js';

const UNLOCK_PAGE = linkPage({
  title: 'Unlock your account',
  lead: 'Press the button to be able to sign in again.',
  button: 'Unlock',
  done: 'Your account is unlocked. You can close this page and sign in.',
  spent: 'This link has been used or has expired.',
});

class UnlockRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

@AuthController('auth/unlock', 'Login')
export class UnlockController {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly lockout: Lockout,
    private readonly factorFailures: FactorFailures,
    private readonly factorAttempts: FactorAttempts,
    private readonly audit: AuditSink,
  ) {}

  @Describe({
    summary: 'Unlock an account',
    description:
      'Consumes the token of the e-mail about too many failed logins or wrong codes. The user is not logged in.',
    answers: { 204: { description: 'The account is unlocked.' } },
    errors: ['invalid_token'],
  })
  @Post()
  @Public()
  @HttpCode(204)
  async unlock(@Body() { token }: UnlockRequest, @CurrentCaller() caller: Caller): Promise<void> {
    const { userId: lockedId } = await this.tokens.peek(token, UNLOCK);
    const user = await this.dataSource.transaction(async (manager) => {
      await this.users.find(lockedId, manager);
      const { userId, email } = await this.tokens.consume(token, UNLOCK, manager);
      await this.audit.record({ type: 'login.unlocked', userId, origin: caller }, manager);
      await this.lockout.clear({ id: userId, email }, manager);
      await this.factorFailures.forgive(userId, manager);
      return { id: userId, email };
    });
    await this.lockout.allowTries(user);
    await this.factorAttempts.allowTries(user.id);
  }

  @Describe({
    summary: 'Page that an unlock link opens',
    description: 'HTML page with one button, which posts the token to this path. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  @ServesLinkPage()
  showUnlockPage(): string {
    return UNLOCK_PAGE;
  }
}
