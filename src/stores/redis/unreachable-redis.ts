import { AuthError } from '../../kernel/auth-error.js';

const RETRY_AFTER_SECONDS = 2;

/**
 * Error replies by which Redis says "not now", and refused credentials: a replica, still loading, a cluster with a hole,
 * out of memory, not able to write. Everything else it replies is a mistake of ours.
 */
const NOT_NOW =
  /^(READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|NOREPLICAS|OOM|MISCONF|NOAUTH|WRONGPASS|NOPERM)\b/;
/** `ERR wrong number of arguments`; what a socket or the client says begins otherwise. */
const ERROR_REPLY = /^[A-Z]{2,}\b/;

/**
 * An error that says Redis is out of reach as `AuthError` `unavailable`; any other error as it is. An outage is no verdict
 * about the caller, so it must never look like one (401).
 */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof AuthError) return error;
  const message = String((error as Error | undefined)?.message ?? error);
  const sign = NOT_NOW.exec(message)?.[0];
  if (!sign && ERROR_REPLY.test(message)) return error;
  return unavailable(sign ?? message, error);
}

/** @param sign what showed it, for the log */
export function unavailable(sign: string, cause?: unknown): AuthError {
  return new AuthError('unavailable', {
    reason: `redis_unreachable (${sign})`,
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
