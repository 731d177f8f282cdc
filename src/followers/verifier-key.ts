import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';
import type { AuthContext, CredentialAuth } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';

/**
 * Returns the key by which another service asks. Only a key of a service user, which admins create: any person may give their own keys any
 * scope, and would learn who logs out, and keep other users' logouts waiting.
 *
 * @throws AuthError `forbidden`
 */
export function verifierKeyOf(auth: AuthContext | undefined): CredentialAuth {
  if (auth?.by !== 'api-key') throw new AuthError('forbidden', { reason: 'needs_an_api_key' });
  if (auth.user.kind !== 'service') throw new AuthError('forbidden', { reason: 'needs_a_service_user' });
  return auth;
}

/** Behind the guard that recognises the key, and before anything is read of what it sends. */
@Injectable()
export class VerifierGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    verifierKeyOf(requestOf(context).auth);
    return true;
  }
}
