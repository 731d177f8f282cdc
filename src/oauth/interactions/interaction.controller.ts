import { Body, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CsrfGuard } from '../../access/csrf.guard.js';
import { Public } from '../../access/public.decorator.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { isOAuthOn } from '../oauth-options.js';
import { RedirectReply } from './interaction.replies.js';
import { ConsentRequest, InteractionParams } from './interaction.requests.js';
import { Interactions } from './interactions.js';

/** For a sign-in and consent page of the application's own. Each route is bound to the browser that the client sent here. */
@AuthController('oauth/interaction', 'OAuth', isOAuthOn)
export class InteractionController {
  constructor(
    private readonly interactions: Interactions,
    private readonly csrf: CsrfGuard,
  ) {}

  @Describe({
    summary: 'Go on after the login',
    description:
      'After `POST /auth/login` in the same browser. Where the client asked for a new login (`prompt=login`, `max_age`), one from before its request is refused.',
    answers: { 200: { description: 'Where the browser goes on.', type: RedirectReply } },
    errors: ['validation_failed', 'unauthenticated', 'step_up_required', 'not_found', 'conflict'],
  })
  @Post(':uid/login')
  @Public()
  @HttpCode(200)
  async finishOAuthLogin(@Param() { uid }: InteractionParams, @Req() request: HttpRequest): Promise<RedirectReply> {
    this.csrf.assertSameSite(request);
    return { redirectTo: await this.interactions.login(uid, request) };
  }

  @Describe({
    summary: 'Allow or refuse what a client asks for',
    answers: { 200: { description: 'Where the browser goes on.', type: RedirectReply } },
    errors: ['validation_failed', 'unauthenticated', 'session_ended', 'not_found', 'conflict'],
  })
  @Post(':uid/consent')
  @Public()
  @HttpCode(200)
  async giveOAuthConsent(
    @Param() { uid }: InteractionParams,
    @Body() answer: ConsentRequest,
    @Req() request: HttpRequest,
  ): Promise<RedirectReply> {
    this.csrf.assertSameSite(request);
    return { redirectTo: await this.interactions.consent(uid, answer, request) };
  }

  @Describe({
    summary: 'Go back to the client without signing in',
    description: 'The client is told `access_denied`.',
    answers: { 200: { description: 'Where the browser goes on.', type: RedirectReply } },
    errors: ['validation_failed', 'not_found', 'conflict'],
  })
  @Post(':uid/abort')
  @Public()
  @HttpCode(200)
  async abortOAuthInteraction(
    @Param() { uid }: InteractionParams,
    @Req() request: HttpRequest,
  ): Promise<RedirectReply> {
    this.csrf.assertSameSite(request);
    return { redirectTo: await this.interactions.abort(uid, request) };
  }
}
