import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { inputOf, requestOf } from '../edge/edge.js';
import { AuthError } from '../kernel/auth-error.js';
import { refuseOddBodies } from './validation.pipe.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const UTF8 = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(;|$))/i;

/**
 * Refuses a body that is not declared as JSON in UTF-8. A form, or text/plain, can be posted by any page on the web without
 * a preflight, so a framework's readiness to parse it would open a way around the same-origin policy. Where a handler takes no body, a
 * field is one that is not known, and refused like any other.
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = requestOf(context);
    const length = headers['content-length'];
    const hasBody = headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
    const type = headers['content-type'] ?? '';
    if (!hasBody) return true;
    if (!JSON_TYPE.test(type) || UTF8.test(type)) {
      throw new AuthError('unsupported_media_type', { reason: 'body_is_not_json' });
    }
    const body = inputOf(context);
    // Many clients send an empty object where there is nothing to say.
    if (body !== undefined && body !== null && !takesBody(context)) refuseOddBodies(body, undefined);
    return true;
  }
}

const IGNORES_BODY = 'coatcheck:ignores-body';

/** For a handler without a body that is to do its work whatever a client sends along. */
export const IgnoresBody = (): MethodDecorator => SetMetadata(IGNORES_BODY, true);

/** Also one whose parameters cannot be told. */
function takesBody(context: ExecutionContext): boolean {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  if (Reflect.getMetadata(IGNORES_BODY, handler) === true || controller.prototype[handler.name] !== handler)
    return true;
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {};
  return Object.keys(parameters).some((key) => BODY_OR_REQUEST.test(key));
}

const BODY_OR_REQUEST = new RegExp(`^(${RouteParamtypes.BODY}|${RouteParamtypes.REQUEST}):`);
