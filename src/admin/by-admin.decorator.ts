import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';
import { actorOf } from '../security/actor.js';
import type { AdminActor } from './admin-actor.js';

/** Who operates in this request. */
export const ByAdmin = createParamDecorator((_data: unknown, context: ExecutionContext): AdminActor => {
  const request = requestOf(context);
  return actorOf(request.auth!, request);
});
