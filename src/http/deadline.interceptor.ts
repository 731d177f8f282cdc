import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Deadlines } from './deadlines.js';
import { hasNoDeadline } from './no-deadline.decorator.js';

/** Bounds the time of a handler of ours, and of everything around it. */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  constructor(private readonly deadlines: Deadlines) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (hasNoDeadline(context.getHandler())) return next.handle();
    const request = context.switchToHttp().getRequest<object>();
    return from(this.deadlines.bound(request, () => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}
