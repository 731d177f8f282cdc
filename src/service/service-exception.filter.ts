import { type ArgumentsHost, Catch, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Options } from '../config/options.js';
import { ProblemDetailsFilter } from '../http/problem-details.filter.js';
import { AuthError } from '../kernel/auth-error.js';
import { RouteTable } from './route-table.js';

/** Everything that no controller of ours caught: unknown paths, parser errors, faults. */
@Catch()
export class ServiceExceptionFilter extends ProblemDetailsFilter {
  constructor(
    private readonly host: HttpAdapterHost,
    options: Options,
  ) {
    super(host, options);
  }

  override catch(thrown: unknown, context: ArgumentsHost): void {
    const { method, url } = context.switchToHttp().getRequest<{ method: string; url: string }>();
    const allowed = thrown instanceof NotFoundException ? RouteTable.of(this.host).methodsOf(url) : [];
    const isOddMethod = allowed.length > 0 && !allowed.includes(method);
    if (isOddMethod) this.host.httpAdapter.setHeader(context.switchToHttp().getResponse(), 'Allow', allowed.join(', '));
    super.catch(isOddMethod ? new AuthError('method_not_allowed', { reason: 'method_not_routed' }) : thrown, context);
  }
}
