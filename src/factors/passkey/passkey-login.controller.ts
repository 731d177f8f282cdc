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
    summary: 'Start a login with a passkey',
    description:
      'Returns options for `PublicKeyCredential.parseRequestOptionsFromJSON` and sets a cookie: the options work only in this browser. Without a body, any passkey of this domain is accepted, also by autofill (`mediation: "conditional"`). With `email`, passkeys of that user are requested; the response looks the same for unknown addresses. With `loginToken`, the passkey is the second factor of a started login: send the credential to `POST /auth/login/factor`.',
    answers: { 200: { description: 'WebAuthn request options.', type: RequestOptionsReply } },
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
    summary: 'Log in with a passkey',
    description:
      'Accepts the credential that the browser created from the options, once. The passkey must have verified its user (PIN, fingerprint) and then counts as two factors.',
    answers: { 200: { description: 'The result of the login, or the step that is due next.', type: LOGIN_REPLIES } },
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
