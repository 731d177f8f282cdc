import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { AuthError, type AuthErrorCode } from '../kernel/auth-error.js';

/** The errors of a credential route besides `invalid_credentials`: none tells whether the user exists. */
const TELLS_NOTHING: ReadonlySet<AuthErrorCode> = new Set<AuthErrorCode>([
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'csrf_rejected',
  'rate_limited',
  'unavailable',
  'internal_error',
  // Only ever thrown after a right password (P-9).
  'email_unverified',
  'user_banned',
]);

/**
 * Around the routes that judge credentials: every refusal, by whatever part and for whatever cause, becomes the one
 * `invalid_credentials`. The cause stays inside, as the reason.
 */
@Injectable()
export class GenericCredentialErrorInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((thrown) => throwError(() => genericCredentialError(thrown))));
  }
}

/** The refusal that a client may see of what judged a credential. */
export function genericCredentialError(thrown: unknown): unknown {
  if (thrown instanceof AuthError) {
    if (TELLS_NOTHING.has(thrown.code) || thrown.code === 'invalid_credentials') return thrown;
    return new AuthError('invalid_credentials', { reason: thrown.reason ?? thrown.code, cause: thrown });
  }
  // A replaced part may throw Nest's own 401, 403 or 404, each of which would tell something.
  if (thrown instanceof HttpException && [401, 403, 404].includes(thrown.getStatus())) {
    return new AuthError('invalid_credentials', { reason: `http_${thrown.getStatus()}`, cause: thrown });
  }
  return thrown;
}
