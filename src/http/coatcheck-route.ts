import type { ExecutionContext } from '@nestjs/common';

/** Marks the routes of Coatcheck itself, whose public ones need protection from other sites too (login CSRF). */
export const AUTH_ROUTES = 'coatcheck:auth-routes';

/**
 * Whether a request is for one of Coatcheck's own routes: for a guard, an interceptor or a logger of yours that is to step aside there, or
 * only there. Global pipes, interceptors and filters of the application never run on these routes.
 *
 * @example
 * canActivate(context: ExecutionContext) { return isCoatcheckRoute(context) || this.isOpen(context); }
 */
export function isCoatcheckRoute(context: Pick<ExecutionContext, 'getClass'>): boolean {
  const controller: unknown = context.getClass();
  // The contexts of middleware-like handlers have no class.
  return typeof controller === 'function' && Reflect.getMetadata(AUTH_ROUTES, controller) === true;
}
