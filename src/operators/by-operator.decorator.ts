import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import type { Operator } from './operator.js';

/** Who operates in this request. */
export const ByOperator = createParamDecorator((_data: unknown, context: ExecutionContext): Operator => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return { actorId: request.auth!.user.id, origin: originOf(request) };
});
