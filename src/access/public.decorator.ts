import { describeAnew, SWAGGER_KEYS } from '../http/api-docs.js';

export const PUBLIC = 'coatcheck:public';
export const OPTIONAL_AUTH = 'coatcheck:optionalAuth';

/**
 * Opens a route, or all routes of a controller, to callers without a ticket. Every other route is closed, and of an open controller those
 * that ask something of their caller: `@Roles()`, `@Permissions()`, `@StepUp()`, `@Scopes()` or `@Strategies()` on the handler closes it again.
 */
export function Public(): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = descriptor?.value ?? target;
    Reflect.defineMetadata(PUBLIC, true, place);
    // Of two about one route, a handler's counts for more than its controller's.
    Reflect.defineMetadata(OPTIONAL_AUTH, false, place);
    if (!descriptor) return;
    Reflect.defineMetadata(SWAGGER_KEYS.security, [], place);
    describeAnew(place);
  };
}

Public.key = PUBLIC;
