import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';
import { AuthError } from '../kernel/auth-error.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const UTF8 = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(;|$))/i;

/**
 * Refuses a body that is not declared as JSON in UTF-8. A form, or text/plain, can be posted by any page on the web without
 * a preflight, so a framework's readiness to parse it would open a way around the same-origin policy.
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = requestOf(context);
    const length = headers['content-length'];
    const hasBody = headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
    const type = headers['content-type'] ?? '';
    if (!hasBody || (JSON_TYPE.test(type) && !UTF8.test(type))) return true;
    throw new AuthError('unsupported_media_type', { reason: 'body_is_not_json' });
  }
}
