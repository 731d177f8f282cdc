import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { AuthError, type AuthErrorCode } from '../kernel/auth-error.js';

/** What passes as it is: errors that do not depend on the user, and two that only the holder of a right proof sees. */
const PASSED_ON: ReadonlySet<AuthErrorCode> = new Set<AuthErrorCode>([
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'csrf_rejected',
  'rate_limited',
  'unavailable',
  'internal_error',
  // Only ever thrown after a right proof: to anyone else they would tell that the user exists.
  'email_unverified',
  'user_banned',
]);

/**
 * Around the routes that judge credentials: a refusal that would tell why, by whatever part, becomes the one `invalid_credentials`; its cause
 * stays inside, as the reason. What is no verdict on the credential passes (limits, malformed requests, overload), and so do
 * `email_unverified` and `user_banned`, which follow a right proof only.
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
    if (PASSED_ON.has(thrown.code) || thrown.code === 'invalid_credentials') return thrown;
    return new AuthError('invalid_credentials', { reason: thrown.reason ?? thrown.code, cause: thrown });
  }
  // A replaced part may throw Nest's own 401, 403 or 404, each of which would tell something.
  if (thrown instanceof HttpException && [401, 403, 404].includes(thrown.getStatus())) {
    return new AuthError('invalid_credentials', { reason: `http_${thrown.getStatus()}`, cause: thrown });
  }
  return thrown;
}
