import { Body, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { Public } from '../../access/public.decorator.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { HASHES } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { AcceptInvitationRequest } from './invitation.requests.js';
import { InvitationsService } from './invitations.service.js';

@AuthController('auth/invitation', 'Registration')
export class AcceptInvitationController {
  constructor(private readonly service: InvitationsService) {}

  @Describe({
    summary: 'Accept an invitation',
    description:
      'Consumes the token of the e-mail and creates the user, whose address it verifies. The user is not logged in. If the password is refused, the link stays valid.',
    answers: { 204: { description: 'The user is created.' } },
    errors: ['invalid_token', 'conflict'],
  })
  @Post()
  @Public()
  @RateLimited(HASHES)
  @HttpCode(204)
  async acceptInvitation(@Body() params: AcceptInvitationRequest, @CurrentCaller() caller: Caller): Promise<void> {
    const { token, password, name, fields } = params;
    await this.service.accept({ token, password, name: name === '' ? null : name, fields }, caller);
  }
}
