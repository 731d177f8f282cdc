import { type ArgumentsHost, Catch, NotFoundException } from '@nestjs/common';
import { ProblemDetailsFilter } from '../http/problem-details.filter.js';
import { AuthError } from '../kernel/auth-error.js';
import { RouteTable } from './route-table.js';

/** Everything that no controller of ours caught: unknown paths, parser errors, faults. */
@Catch()
export class ServiceExceptionFilter extends ProblemDetailsFilter {
  override catch(thrown: unknown, context: ArgumentsHost): unknown {
    const { method, url } = context.switchToHttp().getRequest<{ method: string; url: string }>();
    const allowed = thrown instanceof NotFoundException ? RouteTable.of(this.adapterHost).methodsOf(url) : [];
    const isOddMethod = allowed.length > 0 && !allowed.includes(method);
    if (isOddMethod)
      this.adapterHost.httpAdapter.setHeader(context.switchToHttp().getResponse(), 'Allow', allowed.join(', '));
    return super.catch(
      isOddMethod ? new AuthError('method_not_allowed', { reason: 'method_not_routed' }) : thrown,
      context,
    );
  }
}
