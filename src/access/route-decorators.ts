import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { findRequest } from '../edge/edge.js';
import { describeAnew, SCOPES } from '../http/api-docs.js';
import {
  type AuthContext,
  type AuthSession,
  type AuthUser,
  requireSession,
  type StrategyName,
} from '../kernel/auth-context.js';
import { openingOf } from './opening.js';
import {
  ALLOWED_STRATEGIES,
  NOT_WHILE_IMPERSONATING,
  OPEN_TO_ENROLMENT,
  OPEN_TO_OTHER_SITES,
  PERMISSIONS,
  ROLES,
} from './rule-keys.js';

/** Requires at least one of these roles; otherwise the reply is 403 `forbidden`. Roles are as fresh as the session. */
export const Roles = (...roles: string[]) => SetMetadata(ROLES, roles);

/**
 * Requires *all* of these permissions, which `ROLE_PERMISSIONS` gives to roles; otherwise the reply is 403 `forbidden`. Like roles they are
 * as fresh as the session. It opens nothing to machines: with `@Scopes()` beside it, those machines pass that hold each permission as a
 * scope, and whose user has it. In the OpenAPI document as `x-permissions`.
 *
 * @example
 * @Get('invoices') @Permissions('invoices:read') list(@CurrentUser() user: AuthUser) {}
 */
export const Permissions = (...permissions: string[]) =>
  applyDecorators(SetMetadata(PERMISSIONS, permissions), ApiExtension('x-permissions', permissions));

/** Closes a route, or all of a controller, to admins who act as a user (`POST /admin/users/:id/impersonate`): 403 `forbidden`. */
export const NotWhileImpersonating = () => SetMetadata(NOT_WHILE_IMPERSONATING, true);

/**
 * Opens a route, or all of a controller, to machines: to keys and certificates that hold *all* of these scopes. `@Scopes()`
 * opens it to every one. A route without it is closed to machines (403 `forbidden`), whatever their scopes. A person who is
 * logged in has no scopes and needs none: what they may do, `@Roles()` says, and it is asked of a machine's user as well.
 *
 * @example
 * @Get('orders') @Scopes('orders:read') list(@CurrentUser() user: AuthUser) {}
 */
export function Scopes(...scopes: string[]): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = descriptor?.value ?? target;
    Reflect.defineMetadata(SCOPES, scopes, place);
    describeAnew(place);
  };
}

/**
 * Opens a route also to sessions that may only enrol a factor: those of users who must have a second factor and have none. Every other
 * route is closed to them.
 */
export const OpenToEnrolment = () => SetMetadata(OPEN_TO_ENROLMENT, true);

/** Lets pages of other sites send forms to a public route of ours. It must change nothing: a form is sent without its reader's knowing. */
export const OpenToOtherSites = () => SetMetadata(OPEN_TO_OTHER_SITES, true);

/** Recognises requests to this route by these strategies only, e.g. `@Strategies('session')` for a page of a browser. */
export const Strategies = (...strategies: StrategyName[]) => SetMetadata(ALLOWED_STRATEGIES, strategies);

/** The user the guard has recognised. Undefined on a `@Public()` route. */
export const CurrentUser = createParamDecorator(
  (_data: unknown, context: ExecutionContext): AuthUser | undefined => authOf(context)?.user,
);

/** The session behind the request: a machine's credential, which has none, is refused (403 `forbidden`). Undefined on a `@Public()` route. */
export const CurrentSession = createParamDecorator(
  (_data: unknown, context: ExecutionContext): AuthSession | undefined => {
    const auth = authOf(context);
    return auth && requireSession(auth);
  },
);

/**
 * The whole {@link AuthContext} of the request: the user, and the session or the machine's credential. Undefined on a `@Public()` route.
 */
export const CurrentAuth = createParamDecorator((_data: unknown, context: ExecutionContext): AuthContext | undefined =>
  authOf(context),
);

/** The caller that the guard has recognised for this handler; undefined where it has not run. */
function authOf(context: ExecutionContext): AuthContext | undefined {
  // A connection, or a GraphQL operation, may have passed the guard with another handler before.
  if (context.getType() !== 'http' && openingOf(context.getHandler(), context.getClass()) === 'public')
    return undefined;
  return findRequest(context)?.auth;
}
