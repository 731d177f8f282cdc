import { type ArgumentsHost, Catch, HttpException, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Options } from '../config/options.js';
import { requestOf, SAFE_METHODS } from '../edge/edge.js';
import { Challenges } from '../http/challenges.js';
import { ProblemDetailsFilter } from '../http/problem-details.filter.js';
import { AuthError } from '../kernel/auth-error.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { isServed } from '../pages/pages-options.js';
import { prefersHtml } from '../pages/prefers-html.js';
import { RouteTable } from './route-table.js';

/** Everything that no controller of ours caught: unknown paths, parser errors, faults. */
@Catch()
export class ServiceExceptionFilter extends ProblemDetailsFilter {
  private readonly hasPages: boolean;

  constructor(
    adapterHost: HttpAdapterHost,
    challenges: Challenges,
    private readonly pages: PageErrorFilter,
    options: Options,
  ) {
    super(adapterHost, challenges);
    this.hasPages = isServed('account', options);
  }

  override catch(problem: unknown, context: ArgumentsHost): unknown {
    const thrown = isUntypedQuery(problem) ? new NotFoundException() : problem;
    const { method, url } = context.switchToHttp().getRequest<{ method: string; url: string }>();
    const allowed = thrown instanceof NotFoundException ? RouteTable.of(this.adapterHost).methodsOf(url) : [];
    const isOddMethod = allowed.length > 0 && !allowed.includes(method);
    if (isOddMethod)
      this.adapterHost.httpAdapter.setHeader(context.switchToHttp().getResponse(), 'Allow', allowed.join(', '));
    const error = isOddMethod ? new AuthError('method_not_allowed', { reason: 'method_not_routed' }) : thrown;
    if (!isOddMethod && thrown instanceof NotFoundException && this.isOfAPerson(context))
      return this.pages.catch(error, context);
    return super.catch(error, context);
  }

  /** A person who mistypes the address of a page is shown one. */
  private isOfAPerson(context: ArgumentsHost): boolean {
    const { method, headers } = requestOf(context);
    const { accept } = headers;
    return this.hasPages && SAFE_METHODS.has(method) && typeof accept === 'string' && prefersHtml(accept);
  }
}

/** Fastify refuses a QUERY without a content type before it says that no route takes one; none of ours does. */
function isUntypedQuery(problem: unknown): boolean {
  const cause = problem instanceof HttpException ? (problem.cause as { code?: unknown } | undefined) : undefined;
  return cause?.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE';
}
