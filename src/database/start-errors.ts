import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import type { ConfigurationProblem } from '../config/option-section.js';

/** No server answers there yet, or one that is only just starting, or one that has no connection left. */
const NOT_YET =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EPIPE|ENOENT|08...|53300|57P0[123])$/;
const NO_ANSWER = /timeout expired|timeout exceeded|Connection terminated|server closed the connection/i;

const PAUSE_MS = 1_000;
const TOLD_EVERY_MS = 10_000;

/**
 * Connects, and waits for a database that cannot be reached yet: where everything starts at once, it is the slowest.
 *
 * @param url to be told without what is secret in it
 * @throws ConfigurationError with a remedy, when it is not there in time, or refuses
 */
export async function whenUp<T>(connect: () => Promise<T>, url: string | undefined, waitSeconds: number): Promise<T> {
  const until = performance.now() + waitSeconds * 1_000;
  const logger = new Logger('database');
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const sign = notYet(error);
      if (sign === null || url === undefined || performance.now() + PAUSE_MS > until) throw asStartError(error, url);
      if (performance.now() - toldAt >= TOLD_EVERY_MS) {
        logger.warn(
          `the database at ${placeOf(url)} cannot be reached yet (${sign}); waiting for at most ${waitSeconds} s`,
        );
        toldAt = performance.now();
      }
      await pause(PAUSE_MS);
    }
  }
}

/** The error as a problem of the configuration, where it is one; else as it is. */
export function asStartError(error: unknown, url: string | undefined, option = 'databaseUrl'): unknown {
  if (error instanceof ConfigurationError || url === undefined) return error;
  const found = problemOf(error, url);
  return found ? new ConfigurationError([{ option, ...found }]) : error;
}

function problemOf(error: unknown, url: string): Omit<ConfigurationProblem, 'option'> | null {
  const { code, message } = insideOf(error);
  const sign = notYet(error);
  const { role, database } = namesIn(url);
  if (sign !== null)
    return {
      problem: `points to ${placeOf(url)}, where no database answers (${sign})`,
      remedy: 'start PostgreSQL, or correct host and port; DATABASE_WAIT_SECONDS sets how long the start waits for it',
    };
  if (code === '3D000')
    return { problem: `names the database ${database}, which does not exist`, remedy: `CREATE DATABASE "${database}"` };
  if (code === '28P01' || code === '28000')
    return {
      problem: `names the role ${role}, which the server refuses`,
      remedy:
        'correct the user and the password, or allow the role to log in: pg_hba.conf, ALTER ROLE … LOGIN PASSWORD …',
    };
  if (code === '42501')
    return {
      problem: `names the role ${role}, which lacks a right: ${message}`,
      remedy: 'grant it, see "Roles of the database" in docs/guides/operate-and-upgrade.md',
    };
  if (/does not support SSL|self-signed|certificate|no encryption/i.test(message))
    return {
      problem: `and the server disagree about TLS: ${message}`,
      remedy: 'set `?sslmode=` to what the server supports',
    };
  if (/SASL|password must be a string/.test(message))
    return {
      problem: 'has no password, but the server requires one',
      remedy: 'add it: postgres://user:password@host/name',
    };
  return null;
}

function notYet(error: unknown): string | null {
  const { code, message } = insideOf(error);
  if (NOT_YET.test(code)) return code;
  return NO_ANSWER.exec(message)?.[0] ?? null;
}

/** TypeORM wraps what pg has thrown. */
function insideOf(error: unknown): { code: string; message: string } {
  const outer = (error ?? {}) as { code?: unknown; message?: unknown; driverError?: { code?: unknown } };
  return { code: String(outer.code ?? outer.driverError?.code ?? ''), message: String(outer.message ?? '') };
}

/** Host and port: nothing of it is secret. */
function placeOf(url: string): string {
  const { host } = new URL(url);
  return host || 'the local socket';
}

function namesIn(url: string): { role: string; database: string } {
  const { username, pathname } = new URL(url);
  const role = decodeURIComponent(username) || 'of the process';
  return { role, database: decodeURIComponent(pathname.slice(1)) || role };
}
