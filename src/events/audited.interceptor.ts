import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { concatMap, type Observable } from 'rxjs';
import { Callers } from '../access/caller.js';

import type { AuditEventType } from '../audit/audit-event-types.js';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { requestOf } from '../edge/edge.js';
import type { HttpRequest } from '../edge/http-exchange.js';

/** Details recorded beside the type. */
export interface AuditedOptions {
  /** More of the event, from what the handler answered. No secret: it is in the log, and in webhooks. */
  readonly details?: (reply: unknown, request: HttpRequest) => Readonly<Record<string, unknown>>;
}

/** The metadata that `@Audited()` leaves at a handler. */
export interface AuditedRule extends AuditedOptions {
  readonly type: AuditEventType;
}

export const AUDITED = 'coatcheck:audited';

/** Records the event of a handler marked with `@Audited()`. */
@Injectable()
export class AuditedInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly audit: AuditSink,
    private readonly callers: Callers,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.reflector.get<AuditedRule>(AUDITED, context.getHandler());
    const request = requestOf(context);
    const origin = this.callers.callerOf(context);
    return next.handle().pipe(
      concatMap(async (reply) => {
        const event: AuditEvent = { ...rule.details?.(reply, request), ...whoIn(request), type: rule.type, origin };
        await this.audit.record(event);
        return reply;
      }),
    );
  }
}

function whoIn({ auth }: HttpRequest): Partial<AuditEvent> {
  if (!auth) return {};
  if (auth.by !== 'session') return { userId: auth.user.id, keyId: auth.credential.id };
  return { userId: auth.user.id, actorId: auth.session.impersonatorId, sessionId: auth.session.id };
}
