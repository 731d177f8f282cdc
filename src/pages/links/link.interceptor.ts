import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import { replyOf } from '../../edge/edge.js';

/** Of pages that have a token in their address. */
@Injectable()
export class LinkInterceptor implements NestInterceptor {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // The address goes nowhere, not even to our own style sheet; the origin does, without which a form would come from nowhere.
    return next
      .handle()
      .pipe(tap(() => this.adapterHost.httpAdapter.setHeader(replyOf(context)!, 'Referrer-Policy', 'strict-origin')));
  }
}
