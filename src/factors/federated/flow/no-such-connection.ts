import { AuthError } from '../../../kernel/auth-error.js';

/** Refuses a name that no connection has. */
export function noSuchConnection(): AuthError {
  const message = 'connection must be the name of a connection';
  const errors = [{ field: 'connection', rule: 'isConnection', message }];
  return new AuthError('validation_failed', { reason: 'no_such_connection', errors });
}

/** Refuses a connection whose provider never says when a user has logged in. */
export function confirmsNoUser(): AuthError {
  const message = 'connection must be one whose provider says when users have logged in, or that trusts new logins';
  const errors = [{ field: 'connection', rule: 'confirms', message }];
  return new AuthError('validation_failed', { reason: 'connection_confirms_nobody', errors });
}
