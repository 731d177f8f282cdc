import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { HEADERS_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { replyOf } from '../edge/edge.js';

/** Headers of our replies in any application; a page of ours brings a policy of its own. */
const UNLESS_SAID = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Marks replies, which may carry credentials, unless the handler says otherwise: no cache may keep them, and no browser take them for a page. */
@Injectable()
export class NoStoreInterceptor implements NestInterceptor {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const adapter = this.adapterHost.httpAdapter;
    const reply = replyOf(context);
    if (!reply) return next.handle();
    if (!saysCacheControl(context.getHandler())) adapter.setHeader(reply, 'Cache-Control', 'no-store');
    for (const [name, value] of Object.entries(UNLESS_SAID)) {
      // A handler's own `@Header` has been set by now.
      if (!adapter.getHeader(reply, name)) adapter.setHeader(reply, name, value);
    }
    return next.handle();
  }
}

/** By the handler's own `@Header`; one that a host's middleware set does not count. */
function saysCacheControl(handler: object): boolean {
  const headers: { name: string }[] = Reflect.getMetadata(HEADERS_METADATA, handler) ?? [];
  return headers.some(({ name }) => name.toLowerCase() === 'cache-control');
}
