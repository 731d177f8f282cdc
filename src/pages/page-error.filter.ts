import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { requestOf, SAFE_METHODS } from '../edge/edge.js';
import type { HttpExchange, HttpReply, HttpRequest } from '../edge/http-exchange.js';
import { Challenges } from '../http/challenges.js';
import { ProblemDetailsFilter } from '../http/problem-details.filter.js';
import { type AuthError, AuthError as RefusedError } from '../kernel/auth-error.js';
import { PagePaths } from './page-paths.js';
import { PageReplies } from './page-replies.js';
import { refusalIn, type SeeOther, seeOther, view } from './page-view.js';
import { RefusedForm } from './refused-form.js';
import { withReturn } from './return-address.js';

/** On a page, a refusal leads to the page that helps, or is a page that says what to do. */
@Catch()
@Injectable()
export class PageErrorFilter extends ProblemDetailsFilter {
  constructor(
    adapterHost: HttpAdapterHost,
    challenges: Challenges,
    private readonly replies: PageReplies,
    private readonly paths: PagePaths,
  ) {
    super(adapterHost, challenges);
  }

  protected override reply(error: AuthError, requestId: string, reply: HttpReply, host: ArgumentsHost): void {
    const exchange = { request: requestOf(host), reply };
    const adapter = this.adapterHost.httpAdapter;
    const next = error instanceof RefusedForm ? null : this.nextPage(error, exchange.request);
    if (next) {
      adapter.reply(reply, this.replies.redirect(next, exchange), 303);
      return;
    }
    try {
      const html = this.showRefusal(error, requestId, exchange);
      this.markRefusal(error, requestId, reply);
      adapter.reply(reply, html, error.status);
    } catch (cause) {
      // What cannot be shown as a page is shown as everything else is.
      this.log(new RefusedError('internal_error', { reason: 'problem_page', cause }), requestId);
      super.reply(error, requestId, reply, host);
    }
  }

  private showRefusal(error: AuthError, requestId: string, exchange: HttpExchange): string {
    if (error instanceof RefusedForm) return this.replies.show(error.view, error.area, exchange);
    const { request } = exchange;
    // What is not there is not there at the second try either.
    const back = error.code === 'not_found' ? this.paths.cameFrom(request) : this.backFrom(request);
    return this.replies.show(problemView(error, requestId, back), 'sign-in', exchange);
  }

  /** Null where none helps. */
  private nextPage(error: AuthError, request: HttpRequest): SeeOther | null {
    const to = (path: string) => seeOther(withReturn(path, this.backFrom(request)));
    if (NOT_SIGNED_IN.has(error.code)) return to('/sign-in');
    if (error.code === 'step_up_required') return to('/confirm');
    return error.reason === 'session_only_for_enrolment' ? to('/sign-in/enrol') : null;
  }

  /** A form cannot be sent again by following a link: then it is the page it stood on. */
  private backFrom(request: HttpRequest): string | null {
    return SAFE_METHODS.has(request.method) ? this.paths.ownAddress(request) : this.paths.cameFrom(request);
  }
}

const NOT_SIGNED_IN: ReadonlySet<string> = new Set(['unauthenticated', 'token_expired', 'session_ended']);

function problemView(error: AuthError, requestId: string, back: string | null) {
  const problem = refusalIn(error);
  return view('problem', { problem, requestId, back }, problem);
}
