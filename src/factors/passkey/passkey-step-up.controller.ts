import { HttpCode, Post } from '@nestjs/common';
import { CurrentAuth } from '../../access/route-decorators.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { RequestOptionsReply } from './passkey.replies.js';
import { PasskeyRequests } from './passkey-requests.service.js';

@AuthController('auth/step-up/passkey', 'Login')
export class PasskeyStepUpController {
  constructor(private readonly requests: PasskeyRequests) {}

  @Describe({
    summary: 'Start a step-up with a passkey',
    description:
      'Returns options for `PublicKeyCredential.parseRequestOptionsFromJSON`. Send the credential to `POST /auth/step-up` with `factor: "passkey"`.',
    answers: { 200: { description: 'WebAuthn request options.', type: RequestOptionsReply } },
    errors: ['forbidden'],
  })
  @Post('options')
  @HttpCode(200)
  createPasskeyStepUpOptions(@CurrentAuth() auth: AuthContext): Promise<RequestOptionsReply> {
    return this.requests.toStepUp(auth);
  }
}
