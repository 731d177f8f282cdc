import type { CredentialAuth } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { Rules } from './route-rules.js';

/** OpenID Connect Core §3.1.2.1: the user let the client know who they are. */
const IDENTITY = 'openid';

/**
 * Requires of an OAuth client what applies before the scopes of the route. Not to be overridden: a token is for one resource, and no application may
 * take it to another (RFC 9068 §4, RFC 8707 §3). Of our own routes, those for machines tell who the user is.
 *
 * @throws AuthError `unauthenticated` for a token of another resource, `forbidden` for a lack of `openid`
 */
export function assertClientMayEnter({ resourcePaths = [], scopes }: CredentialAuth, rules: Rules): void {
  if (!resourcePaths.includes(rules.resource?.path ?? '')) {
    throw new AuthError('unauthenticated', {
      reason: 'token_of_another_resource',
      challenge: { error: 'invalid_token' },
    });
  }
  if (!rules.isOurs || rules.scopes === undefined || scopes.includes(IDENTITY)) return;
  throw new AuthError('forbidden', {
    reason: 'client_without_openid',
    challenge: { error: 'insufficient_scope', scopes: [IDENTITY] },
  });
}
