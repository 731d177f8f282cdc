import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { CsrfGuard } from '../access/csrf.guard.js';
import { requestOf, SAFE_METHODS } from '../edge/edge.js';
import { AuthError } from '../kernel/auth-error.js';
import { ASKED_BY_OWN_PAGE } from './asked-by-own-page.decorator.js';
import { FormTokens } from './form-tokens.js';

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(;|$))/i;

/**
 * Lets only forms of our own pages pass: of the one type that a browser sends them in, from this origin, and with the token that the
 * page was given.
 */
@Injectable()
export class FormBodyGuard implements CanActivate {
  constructor(
    private readonly csrf: CsrfGuard,
    private readonly tokens: FormTokens,
  ) {}

  /** @throws AuthError `unsupported_media_type`, `csrf_rejected` */
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    if (SAFE_METHODS.has(request.method)) {
      const isOwnOnly = Reflect.getMetadata(ASKED_BY_OWN_PAGE, context.getHandler()) === true;
      this.csrf.assertSameSite(request, isOwnOnly);
      return true;
    }
    // Also with an `Authorization` header, which the guard of JSON routes takes for meant.
    this.csrf.assertSameSite(request);
    const type = request.headers['content-type'] ?? '';
    if (!FORM.test(type) || OTHER_CHARSET.test(type))
      throw new AuthError('unsupported_media_type', { reason: 'body_is_no_form' });
    const { _csrf: token } = (request.body ?? {}) as { _csrf?: unknown };
    if (!this.tokens.matches(request, token)) throw new AuthError('csrf_rejected', { reason: 'form_token' });
    return true;
  }
}
