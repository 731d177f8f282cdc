import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { requestOf, unitOf } from '../edge/edge.js';
import { Deadlines } from './deadlines.js';
import { hasNoDeadline } from './no-deadline.decorator.js';

/** Bounds the time of a handler of ours, and of everything around it. */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  constructor(private readonly deadlines: Deadlines) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (hasNoDeadline(context.getHandler())) return next.handle();
    const unit = unitOf(context, requestOf(context));
    return from(this.deadlines.bound(unit, () => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}
