import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { map, type Observable } from 'rxjs';

/**
 * Writes what a handler of ours returns as JSON, so that it leaves as the text it is: a host's serializers, `preSerialization` hooks and
 * replaced `res.json` see data only.
 */
@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value) => this.written(value, context)));
  }

  private written(value: unknown, context: ExecutionContext): unknown {
    if (!isData(value)) return value;
    const reply = context.switchToHttp().getResponse();
    const adapter = this.adapterHost.httpAdapter;
    if (!adapter.getHeader(reply, 'Content-Type'))
      adapter.setHeader(reply, 'Content-Type', 'application/json; charset=utf-8');
    return JSON.stringify(value);
  }
}

/** Not a page, which is text already, and no stream. */
function isData(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { pipe, getStream } = value as { pipe?: unknown; getStream?: unknown };
  return !(value instanceof Uint8Array) && typeof pipe !== 'function' && typeof getStream !== 'function';
}
