import { Inject, Injectable } from '@nestjs/common';
import type { HttpRequest } from '../access/http-exchange.js';
import { originOf, type RequestOrigin } from '../access/request-origin.js';
import { STRATEGIES, type Strategy } from '../access/strategy.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { delivers } from '../sessions/ticket-delivery.js';
import type { ActorSession } from './actor.js';

/** Somebody who acts on another account in a request. */
export interface RequestActor {
  readonly actorId: string;
  readonly origin: RequestOrigin;
  readonly actorSession?: ActorSession | undefined;
}

/** Tells who acts in a request, for the audit and for `ActorsInForce`. */
@Injectable()
export class Actors {
  constructor(@Inject(STRATEGIES) private readonly strategies: readonly Strategy[]) {}

  of({ user, session, strategy }: AuthContext, request: HttpRequest): RequestActor {
    // What a key, or a strategy of an application's own, calls a session, no store of ours knows.
    const isKnown = this.strategies.filter(delivers).some(({ name }) => name === strategy);
    const actorSession = isKnown ? { id: session.id, roles: user.roles } : undefined;
    return { actorId: user.id, origin: originOf(request), actorSession };
  }
}
