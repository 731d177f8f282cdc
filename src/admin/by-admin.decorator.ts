import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { HttpRequest } from '../access/http-exchange.js';
import { Actors } from '../security/actors.js';
import type { AdminActor } from './admin-actor.js';

@Injectable()
class AdminActorPipe implements PipeTransform<HttpRequest, AdminActor> {
  constructor(private readonly actors: Actors) {}

  transform(request: HttpRequest): AdminActor {
    return this.actors.of(request.auth!, request);
  }
}

const OfRequest = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<HttpRequest>(),
);

/** Who operates in this request. */
export const ByAdmin = () => OfRequest(AdminActorPipe);
