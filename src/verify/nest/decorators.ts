import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { VerifiedAuth, VerifiedUser } from '../verified-auth.js';
import { requestIn } from './request-in.js';

export const PUBLIC = 'coatcheck/verify:public';
export const ROLES = 'coatcheck/verify:roles';
export const SCOPES = 'coatcheck/verify:scopes';

/**
 * Opens a route, or all of a controller, to requests without a ticket. On an open controller, handlers with `@Roles()` or `@Scopes()` stay
 * closed.
 */
export const Public = () => SetMetadata(PUBLIC, true);

/** Requires at least one of these roles; otherwise the reply is 403 `forbidden`. */
export const Roles = (...roles: string[]) => SetMetadata(ROLES, roles);

/**
 * Opens a route, or all of a controller, to machines that hold *all* of these scopes; `@Scopes()` to every one. A route without it is closed
 * to them. A user who logged in has no scopes and needs none.
 */
export const Scopes = (...scopes: string[]) => SetMetadata(SCOPES, scopes);

/** Gives a handler the user; undefined on a `@Public()` route. */
export const CurrentUser = createParamDecorator(
  (_data: unknown, context: ExecutionContext): VerifiedUser | undefined => authIn(context)?.user,
);

/** Gives a handler all that is known of the caller: user, session or credential, scopes. Undefined on a `@Public()` route. */
export const CurrentAuth = createParamDecorator((_data: unknown, context: ExecutionContext) => authIn(context));

function authIn(context: ExecutionContext): VerifiedAuth | undefined {
  return (requestIn(context) as { auth?: VerifiedAuth } | null)?.auth;
}
