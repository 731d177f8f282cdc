import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

/** What decorators say of a route, or of its controller. It never changes, and is slow to ask: asked once. */
export class RouteMetadata {
  /** By controller and handler. */
  private readonly routes = new WeakMap<object, Map<object, Map<string, unknown>>>();

  constructor(private readonly reflector: Reflector) {}

  of<T>(key: string, context: ExecutionContext): T | undefined {
    const known = this.route(context);
    if (!known.has(key))
      known.set(key, this.reflector.getAllAndOverride(key, [context.getHandler(), context.getClass()]));
    return known.get(key) as T | undefined;
  }

  private route(context: ExecutionContext): Map<string, unknown> {
    const handlers = this.routes.get(context.getClass()) ?? new Map<object, Map<string, unknown>>();
    const route = handlers.get(context.getHandler()) ?? new Map<string, unknown>();
    if (route.size === 0) this.routes.set(context.getClass(), handlers.set(context.getHandler(), route));
    return route;
  }
}
