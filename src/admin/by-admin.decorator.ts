import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../access/http-exchange.js';
import { actorOf } from '../security/actor.js';
import type { AdminActor } from './admin-actor.js';

/** Who operates in this request. */
export const ByAdmin = createParamDecorator((_data: unknown, context: ExecutionContext): AdminActor => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return actorOf(request.auth!, request);
});
