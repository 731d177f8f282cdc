import { AuthError } from '../../../kernel/auth-error.js';

/** For a name that is none. */
export function noSuchConnection(): AuthError {
  const message = 'connection must be the name of a connection';
  const errors = [{ field: 'connection', rule: 'isConnection', message }];
  return new AuthError('validation_failed', { reason: 'no_such_connection', errors });
}
