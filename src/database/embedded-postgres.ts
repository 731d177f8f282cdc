import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { EmbeddedConnection } from './data-source-options.js';
import { lockFolder } from './folder-lock.js';
import { ownTypes } from './own-types.js';
import { asStatement, PINNED } from './pinned-settings.js';

/** A PostgreSQL inside this process. */
export interface EmbeddedPostgres extends EmbeddedConnection {
  /** Everything that is in it, as `startEmbeddedPostgres` takes it. */
  dump(): Promise<Blob>;
  /** Writes everything out and gives the folder back; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL (PGlite) inside this process, in `<dataDir>/postgres`, or in memory when `dataDir` is `memory://`.
 *
 * @param content what it begins with, in memory only: of a {@link EmbeddedPostgres.dump}. Absent: an empty database
 * @throws when its package is not installed, or another process uses the folder.
 */
export async function startEmbeddedPostgres(dataDir: string, content?: Blob): Promise<EmbeddedPostgres> {
  const inMemory = dataDir.startsWith('memory://');
  const folder = inMemory ? 'memory://' : join(dataDir, 'postgres');
  const { PGlite, createPgConfig } = await load();
  const unlock = inMemory ? () => {} : lockFolder(folder);
  warn(inMemory ? 'in memory: all data is lost when the process stops' : `in ${folder}`);
  const database = new PGlite(folder, content && { loadDataDir: content });
  try {
    await database.waitReady;
    // It takes no start-up parameters, and its one connection is never opened anew.
    await database.exec(asStatement(PINNED));
  } catch (error) {
    unlock();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= database.close().finally(unlock);
    return closing;
  };
  const dump = () => database.dumpDataDir('none');
  // The pool's only connection is the database itself: it must never be closed for being idle.
  return { extra: { ...createPgConfig(database), types: ownTypes, idleTimeoutMillis: 0 }, dump, close };
}

/** Neither a database server is named nor the embedded one is there. The message is the problem and its remedy. */
export class NoDatabase extends Error {
  readonly problem = 'No database is available.';
  readonly remedy = 'Set DATABASE_URL, or install @electric-sql/pglite to try Coatcheck without a database server.';

  constructor(cause: unknown) {
    super('', { cause });
    this.message = `${this.problem} ${this.remedy}`;
  }
}

/** An optional dependency: a service on a real PostgreSQL does without. */
async function load() {
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    const { createPgConfig } = await import('@electric-sql/pglite/node-postgres');
    return { PGlite, createPgConfig };
  } catch (cause) {
    throw new NoDatabase(cause);
  }
}

function warn(where: string): void {
  const logger = new Logger('database');
  logger.warn('****************************************************************************');
  logger.warn(`EMBEDDED DATABASE, ${where}`);
  logger.warn('For trials only: one process, one connection. Set DATABASE_URL for any other use.');
  logger.warn('****************************************************************************');
}
