import { AuthError } from '../kernel/auth-error.js';

/**
 * The address a user is reached at, for what only makes sense with one: links, codes, labels in a person's authenticator.
 *
 * @throws AuthError `forbidden` for a service user, which has none
 */
export function requireEmail({ email }: { readonly email: string | null }): string {
  if (email === null) throw new AuthError('forbidden', { reason: 'service_user_without_address' });
  return email;
}
