import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import type { AdminActor } from './admin-actor.js';

/** Who operates in this request. */
export const ByAdmin = createParamDecorator((_data: unknown, context: ExecutionContext): AdminActor => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return { actorId: request.auth!.user.id, origin: originOf(request) };
});
