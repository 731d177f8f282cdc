/** A lock that is waited for longer means "not now". Shorter than a statement may take, so that the server says which it was. */
export const LOCK_MILLISECONDS = 4_000;

/**
 * Settings that decide the meaning of our statements and their results. A role, a database or a server may be set to anything else
 * by its administrators, so every connection of ours says it itself.
 */
export const PINNED: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  client_encoding: 'UTF8',
};

/** Time limits of one connection, in milliseconds; 0 is none. */
export interface TimeLimits {
  /** Absent: 4 s. */
  readonly lock_timeout?: number | false;
  readonly statement_timeout?: number | false;
  readonly idle_in_transaction_session_timeout?: number | false;
}

/** All that a connection is set to, by name. */
export function settingsOf(limits: TimeLimits): Record<string, string> {
  return {
    ...PINNED,
    lock_timeout: String(limits.lock_timeout ?? LOCK_MILLISECONDS),
    statement_timeout: String(limits.statement_timeout || 0),
    idle_in_transaction_session_timeout: String(limits.idle_in_transaction_session_timeout || 0),
  };
}

/**
 * As the start-up parameter `options`, behind what is asked for already: of two that name a setting the later one counts.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
 */
export function asStartupOptions(settings: Readonly<Record<string, string>>, given: string | undefined): string {
  const own = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`);
  return [given, ...own].filter(Boolean).join(' ');
}

/** As one statement, for a connection whose start-up parameters are refused. */
export function asStatement(settings: Readonly<Record<string, string>>): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `SELECT ${calls.join(', ')}`;
}
