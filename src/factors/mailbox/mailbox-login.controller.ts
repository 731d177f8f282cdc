import { Body, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { type LoginReply } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { GenericCredentialErrorInterceptor } from '../../http/generic-credential-error.interceptor.js';
import { BotChecked } from '../../limits/bot-check.interceptor.js';
import { MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { LoginService } from '../../login/login.service.js';
import {
  type EnrolmentRequiredReply,
  type FactorRequiredReply,
  LOGIN_REPLIES,
  loginReply,
} from '../../login/login-step.replies.js';
import { LoginRequests } from './login-requests.js';
import { LoginMailSentReply, MailboxLoginRequest, SendLoginMailRequest } from './mailbox-login.requests.js';
import { MailboxLoginService } from './mailbox-login.service.js';
import { isMailLoginOn } from './mailbox-options.js';

@AuthController('auth/login/mailbox', 'Login', isMailLoginOn)
export class MailboxLoginController {
  constructor(
    private readonly mailboxLogins: MailboxLoginService,
    private readonly requests: LoginRequests,
    private readonly logins: LoginService,
  ) {}

  @Describe({
    summary: 'Request a link or code to log in with',
    description:
      'The response is the same for known and unknown addresses. A new request replaces an earlier one of the same client. It sets a cookie: a code works only in the browser that requested it.',
    answers: { 202: { description: 'An e-mail follows if the address is known.', type: LoginMailSentReply } },
  })
  @Post('send')
  @Public()
  @BotChecked('login')
  @RateLimited({ most: { ip: MAILS.most.ip! } })
  @HttpCode(202)
  async sendLoginMail(
    @Body() { email, requestToken: replaces, deviceToken }: SendLoginMailRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginMailSentReply> {
    const requested = await this.mailboxLogins.send({ email, replaces, deviceToken }, exchange);
    return { status: 'login_mail_sent', ...requested };
  }

  @Describe({
    summary: 'Log in with a link or code',
    description:
      'Takes the code of the e-mail in the client that requested it, or the token of its link. Each works once, for ten minutes at most. A code may be wrong five times per e-mail, and wrong codes count against the address like wrong passwords. In another client than the one that requested it, a link needs the address as well. If a second factor is required, the response contains a `loginToken` for `POST /auth/login/factor` instead. If it is the first proof of the mailbox, everything from before ends, including all sessions.',
    answers: { 200: { description: 'The result of the login, or the step that is due next.', type: LOGIN_REPLIES } },
    errors: ['invalid_credentials', 'email_unverified', 'user_banned', 'rate_limited'],
  })
  @Post()
  @Public()
  @UseInterceptors(GenericCredentialErrorInterceptor)
  @HttpCode(200)
  async logInByMailbox(
    @Body() { code, token, email, requestToken, ...params }: MailboxLoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply | FactorRequiredReply | EnrolmentRequiredReply> {
    const proof = {
      code,
      token,
      email,
      requestToken: requestToken ?? this.requests.tokenOf(exchange.caller) ?? undefined,
    };
    const result = await this.logins.login('mailbox', proof, params, exchange);
    this.requests.clear(exchange);
    return loginReply(result);
  }
}
