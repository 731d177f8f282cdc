import { SWAGGER_KEYS } from '../http/api-docs.js';
import { OPTIONAL_AUTH, Public } from './public.decorator.js';

/**
 * Opens a route, or all routes of a controller, to callers without a ticket, and recognises those with one. With a valid one the user is
 * attached as on any other route, and with none there is no user. One that is wrong, expired or ended is answered 401 as elsewhere, so that
 * a client learns to refresh, and no user is taken for a stranger by mistake. A cookie counts as a ticket: so do CSRF rules. Where a route
 * asks for `@Roles()`, `@Permissions()` or `@StepUp()` as well, callers without a ticket are refused; so they are on a handler with
 * `@Scopes()` or `@Strategies()` that only its controller opens.
 *
 * @example
 * @Get('articles/:id') @OptionalAuth() read(@CurrentUser() user: AuthUser | undefined) {}
 */
export function OptionalAuth(): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = descriptor?.value ?? target;
    Reflect.defineMetadata(OPTIONAL_AUTH, true, place);
    Reflect.defineMetadata(Public.key, false, place);
    // OpenAPI: an empty requirement beside others makes them optional.
    const schemes = (Reflect.getMetadata(SWAGGER_KEYS.security, place) ?? []) as object[];
    Reflect.defineMetadata(SWAGGER_KEYS.security, [...schemes, {}], place);
  };
}

OptionalAuth.key = OPTIONAL_AUTH;
