import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { replyOf, requestOf } from '../edge/edge.js';
import { PAGE_AREA } from './page-controller-metadata.js';
import { PageReplies } from './page-replies.js';
import { PageView, SeeOther } from './page-view.js';

/** Makes a page, or a redirect, of what a handler returns. */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  constructor(private readonly replies: PageReplies) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const exchange = { request: requestOf(context), reply: replyOf(context)! };
    const area = Reflect.getMetadata(PAGE_AREA, context.getClass());
    return next.handle().pipe(
      map((result: unknown) => {
        if (result instanceof PageView) return this.replies.show(result, area, exchange);
        if (result instanceof SeeOther) return this.replies.redirect(result, exchange);
        return result;
      }),
    );
  }
}
