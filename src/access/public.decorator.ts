import type { ExecutionContext } from '@nestjs/common';
import { DESCRIBED, SWAGGER_KEYS } from '../http/api-docs.js';

const PUBLIC = 'coatcheck:public';

/** Opens a route, or all routes of a controller, to callers without a ticket. Every other route is closed. */
export function Public(): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = descriptor?.value ?? target;
    Reflect.defineMetadata(PUBLIC, true, place);
    if (!descriptor) return;
    if (Reflect.hasMetadata(DESCRIBED, place)) throw new TypeError('@Public must stand below @Describe');
    Reflect.defineMetadata(SWAGGER_KEYS.security, [], place);
  };
}

Public.key = PUBLIC;

/** Whether {@link Public} stands at the handler, or at its controller. */
export function isPublicHandler(context: Pick<ExecutionContext, 'getClass' | 'getHandler'>): boolean {
  return [context.getHandler(), context.getClass()].some((place) => Reflect.hasMetadata(PUBLIC, place));
}
