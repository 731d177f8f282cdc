import { Body, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { type LoginReply } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { GenericCredentialErrorInterceptor } from '../../http/generic-credential-error.interceptor.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { LoginService } from '../../login/login.service.js';
import {
  type EnrolmentRequiredReply,
  type FactorRequiredReply,
  LOGIN_REPLIES,
  loginReply,
} from '../../login/login-step.replies.js';
import { RequestOptionsReply } from './passkey.replies.js';
import { PasskeyLoginOptionsRequest, PasskeyLoginRequest } from './passkey.requests.js';
import { PasskeyRequests } from './passkey-requests.service.js';

@AuthController('auth/login/passkey', 'Login')
@UseInterceptors(GenericCredentialErrorInterceptor)
export class PasskeyLoginController {
  constructor(
    private readonly requests: PasskeyRequests,
    private readonly logins: LoginService,
  ) {}

  @Describe({
    summary: 'Begin to log in by a passkey',
    description:
      'For `PublicKeyCredential.parseRequestOptionsFromJSON`. Without a body: for any passkey of this domain, also as the browser offers them in a field for the name (`mediation: "conditional"`). With `email`: for those of that user; the answer looks the same for nobody. With `loginToken`: for the second factor of a login that has begun; what the browser gives then goes to `POST /auth/login/factor`. Sets a cookie: the answer is good in this browser.',
    answers: { 200: { description: 'What to ask the browser for.', type: RequestOptionsReply } },
    errors: ['invalid_credentials'],
  })
  @Post('options')
  @Public()
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node' })
  @HttpCode(200)
  createPasskeyLoginOptions(
    @Body() params: PasskeyLoginOptionsRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<RequestOptionsReply> {
    const { email, loginToken } = params ?? {};
    if (loginToken !== undefined) return this.requests.toProceed(loginToken, exchange);
    return this.requests.toLogIn(email, exchange);
  }

  @Describe({
    summary: 'Log in by a passkey',
    description:
      'Takes what the browser made of the options, once. The passkey must have verified its user (PIN, fingerprint), and then is as good as two factors.',
    answers: { 200: { description: 'Logged in, or what is due next.', type: LOGIN_REPLIES } },
    errors: ['invalid_credentials', 'email_unverified', 'user_banned', 'rate_limited'],
  })
  @Post()
  @Public()
  @HttpCode(200)
  async logInByPasskey(
    @Body() { credential, strategy, transport, deviceToken }: PasskeyLoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply | FactorRequiredReply | EnrolmentRequiredReply> {
    return loginReply(
      await this.logins.login('passkey', { credential }, { strategy, transport, deviceToken }, exchange),
    );
  }
}
