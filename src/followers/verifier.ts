import type { AuthContext, CredentialAuth } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';

/**
 * The key by which another service asks. Only one of a service user, which admins make: any person may give their own keys any scope, and
 * would read who logs out, and keep others' logouts waiting.
 *
 * @throws AuthError `forbidden`
 */
export function verifierOf(auth: AuthContext): CredentialAuth {
  if (auth.by !== 'api-key') throw new AuthError('forbidden', { reason: 'needs_an_api_key' });
  if (auth.user.kind !== 'service') throw new AuthError('forbidden', { reason: 'needs_a_service_user' });
  return auth;
}
