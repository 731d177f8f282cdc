import { Get, Param, Req, Res } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import type { HttpReply, HttpRequest } from '../../../edge/http-exchange.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { CallbackService } from './callback.service.js';
import { SlugParams } from './federated-login.requests.js';
import { FlowEnds } from './flow-ends.js';

/** Where providers send browsers back to. */
@AuthController('auth/federated', 'Login')
export class CallbackController {
  constructor(
    private readonly callbacks: CallbackService,
    private readonly ends: FlowEnds,
  ) {}

  @Describe({
    summary: 'Take the answer of an outside provider',
    description:
      'Browsers are sent here by the provider, and on to `returnTo` or to the pages. The fragment of `returnTo` says what is due next: nothing after a login; `status`, `loginToken` and `factors` for `POST /auth/login/factor`; `status` and `factors` in a session that is limited to enrolment; `error`, with one of the codes of a login, after a refusal.',
    answers: { 303: { description: 'Where the browser goes on.' } },
    errors: ['validation_failed', 'rate_limited'],
  })
  @Get(':slug/callback')
  @Public()
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node' })
  async finishFederatedFlow(
    @Param() { slug }: SlugParams,
    @CurrentExchange() exchange: Exchange,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<string> {
    const end = await this.callbacks.take(request.originalUrl ?? request.url, slug, exchange);
    return this.ends.redirect(end, { request, reply });
  }
}
