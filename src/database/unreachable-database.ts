import { AuthError } from '../kernel/auth-error.js';

const RETRY_AFTER_SECONDS = 2;

/** Between here and the server. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
]);

/**
 * SQLSTATE classes and codes by which PostgreSQL says "not now": connection exception, refused credentials, no such
 * database, another transaction was quicker or holds on to what is needed, out of resources, read-only (a replica just promoted),
 * cancelled (too slow), shutting down or starting, I/O error.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATE = /^(08...|28...|3D000|40001|40P01|53...|25006|25P03|55006|55P03|57014|57P0.|58...)$/;

/**
 * Messages of pg, its pool and TypeORM that carry no code; the last two, of a transaction whose connection broke between two of its
 * statements.
 */
const MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Driver not Connected|PGlite is clos|Query runner already released|Database connection provided by a query runner was already released)/;

/**
 * An error that says the database is out of reach, too slow or shutting down, as `AuthError` `unavailable`; any other error
 * as it is. An outage is no verdict about the caller, so it must never look like one (401).
 */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof AuthError) return error;
  const sign = signOf(error);
  if (sign === null) return error;
  return new AuthError('unavailable', {
    reason: `database_unreachable (${sign})`,
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The sign that an error comes from an unreachable database. TypeORM wraps pg's error, and pg's pool wraps the socket's. */
function signOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 3) return null;
  // By its fields, not by its class: a socket's error may come from another realm (a vm context, as in Jest).
  const { code, syscall, message, driverError, cause } = error as Record<string, unknown>;
  // An HTTP client that hangs up is ECONNRESET too, but of no system call: that is no outage of ours.
  const ofSocket = depth > 0 || typeof syscall === 'string';
  if (typeof code === 'string' && ((NETWORK.has(code) && ofSocket) || SQLSTATE.test(code))) return code;
  const words = typeof message === 'string' ? MESSAGE.exec(message) : null;
  return words?.[0] ?? signOf(driverError, depth + 1) ?? signOf(cause, depth + 1);
}
