import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { SCOPES } from '../http/api-docs.js';
import { AUTH_ROUTES } from '../http/auth-controller.js';
import type { StrategyName } from '../kernel/auth-context.js';
import { Public } from './public.decorator.js';
import { ALLOWED_STRATEGIES, NOT_WHILE_IMPERSONATING, ROLES } from './route-decorators.js';

/** What decorators say of a route. */
export interface Route {
  readonly controller: object;
  readonly handler: object;
  readonly isPublic: boolean;
  readonly isOurs: boolean;
  readonly isClosedToImpersonators: boolean;
  readonly allowed: StrategyName[] | undefined;
  readonly roles: string[] | undefined;
  /** What machines need; undefined: it is closed to them. */
  readonly scopes: string[] | undefined;
}

/** What decorators say of routes never changes, and is slow to ask: it is asked once. */
export class RouteMetadata {
  /** By controller and handler. */
  private readonly routes = new WeakMap<object, Map<object, Route>>();
  /** Of one request, the same is asked several times. */
  private latest: Route | undefined;

  constructor(private readonly reflector: Reflector) {}

  of(context: ExecutionContext): Route {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const { latest } = this;
    if (latest?.handler === handler && latest.controller === controller) return latest;
    const ofController = this.routes.get(controller) ?? new Map<object, Route>();
    const route = ofController.get(handler) ?? this.read(context);
    this.routes.set(controller, ofController.set(handler, route));
    this.latest = route;
    return route;
  }

  private read(context: ExecutionContext): Route {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const said = <T>(key: string) => this.reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    return {
      controller,
      handler,
      isPublic: said<boolean>(Public.key) === true,
      isOurs: said<boolean>(AUTH_ROUTES) === true,
      isClosedToImpersonators: said<boolean>(NOT_WHILE_IMPERSONATING) === true,
      allowed: said<StrategyName[]>(ALLOWED_STRATEGIES),
      roles: said<string[]>(ROLES),
      scopes: said<string[]>(SCOPES),
    };
  }
}
