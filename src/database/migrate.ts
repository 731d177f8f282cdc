import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { isEmbedded } from './data-source-options.js';

/** Any number, the same in every process: `coat` in ASCII. */
const LOCK = 0x636f6174;

/**
 * Runs the pending migrations, all in one transaction. Any number of processes may call it at once: one of them migrates,
 * the others wait for it and find nothing left to do.
 */
export function migrate(dataSource: DataSource): Promise<void> {
  return alone(dataSource, async (executor) => {
    await executor.executePendingMigrations();
  });
}

/** Takes every executed migration back, the latest first: all tables and what is in them are gone. */
export function revertMigrations(dataSource: DataSource): Promise<void> {
  return alone(dataSource, async (executor) => {
    const executed = await executor.getExecutedMigrations();
    for (let left = executed.length; left > 0; left--) await executor.undoLastMigration();
  });
}

/** @throws ConfigurationError when a migration is pending: without its tables every request would fail. */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  if (pending.length === 0) return;
  const problem = `is false, but ${pending.length} migration(s) are pending`;
  throw new ConfigurationError([{ option: 'migrateOnStart', problem, remedy: 'run `npm run migrate` first' }]);
}

async function alone(dataSource: DataSource, work: (executor: MigrationExecutor) => Promise<void>): Promise<void> {
  if (isEmbedded(dataSource.options)) return work(new MigrationExecutor(dataSource));
  const patient = await patientCopy(dataSource).initialize();
  try {
    // Lock and migrations share the connection: losing the one loses the other.
    const runner = patient.createQueryRunner();
    await waitForLock(runner);
    await work(new MigrationExecutor(patient, runner));
  } finally {
    // Closing the connection gives the lock back, however the work ended.
    await patient.destroy();
  }
}

/** A migration may take longer than a request ever could. */
function patientCopy({ options }: DataSource): DataSource {
  const extra = {
    ...options.extra,
    lock_timeout: 0,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  };
  return new DataSource({ ...options, entities: [], poolSize: 1, extra } as DataSource['options']);
}

// Asks again and again rather than waiting in `pg_advisory_lock`: a waiting statement holds a snapshot, and the migrating
// process would wait for that one in CREATE INDEX CONCURRENTLY, for ever.
async function waitForLock(runner: QueryRunner): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const [row] = await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    if (row.locked) return;
    if (attempt === 50) new Logger('database').warn('Another process is running migrations. Waiting for it to finish.');
    await pause(100);
  }
}
