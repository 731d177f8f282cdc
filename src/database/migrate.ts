import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { isEmbedded } from './data-source-options.js';
import { ensureSchema } from './ensure-schema.js';
import { buildLaterIndexes, laterIndexesOf, missingIndexes } from './later-indexes.js';
import { isBusy } from './lost-races.js';
import { patientCopy } from './patient-copy.js';
import { keepTablesIn, schemaOf } from './table-schema.js';

/** Any number, the same in every process: `coat` in ASCII. */
const LOCK = 0x636f6174;

/**
 * A migration that waits for a table which is read for long makes all later queries wait behind it, those of serving nodes included. So it
 * gives up after this time, lets them pass, and begins anew.
 */
const LOCK_TIMEOUT = '2s';
const TRIES = 60;
const PAUSE_MS = 1_000;

/** A migration may take longer than a request ever could. Of this transaction only: a pooler may give the session to others. */
const PATIENT = `
  SELECT set_config('lock_timeout', '${LOCK_TIMEOUT}', true), set_config('statement_timeout', '0', true),
         set_config('idle_in_transaction_session_timeout', '0', true)`;

/**
 * Runs the pending migrations, all in one transaction. Any number of processes may call it at once: one of them migrates,
 * the others wait for it and find nothing left to do.
 *
 * @param dataSource Coatcheck's own, or a host's, initialised. If Coatcheck's `migrations` are listed in it, all that it lists are run, in its own
 *   table of migrations; else Coatcheck's alone, recorded in the schema
 * @param schema as the option `databaseSchema`
 * @throws ConfigurationError when the schema, or tables in it, cannot be made
 */
export async function migrate(dataSource: DataSource, { schema }: { readonly schema?: string } = {}): Promise<void> {
  if (schema !== undefined) keepTablesIn(dataSource, schema);
  await alone(dataSource, async (executor) => {
    await executor.executePendingMigrations();
  });
  await buildIndexes(dataSource);
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
  const problem = `is false, but ${pending.length} migration(s) are pending in the schema ${schemaOf(dataSource)}`;
  throw new ConfigurationError([{ option: 'migrateOnStart', problem, remedy: 'run `npm run migrate` first' }]);
}

async function alone(dataSource: DataSource, work: (executor: MigrationExecutor) => Promise<void>): Promise<void> {
  if (isEmbedded(dataSource.options)) return inOneTransaction(dataSource, async () => true, work);
  const patient = await patientCopy(dataSource).initialize();
  try {
    await givingWay(() => inOneTransaction(patient, isLocked, work));
  } finally {
    await patient.destroy();
  }
}

/** All of it anew, when the nodes that serve were in its way. @throws what the last try threw */
async function givingWay(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error;
      if (tries % 10 === 1) new Logger('database').warn('A table is in use. The migrations give way and begin anew.');
      await pause(PAUSE_MS);
    }
  }
}

/** After the migrations and outside of any transaction. Their lock is held by a connection that does nothing else. */
async function buildIndexes(dataSource: DataSource): Promise<void> {
  const indexes = laterIndexesOf(dataSource.migrations);
  if (indexes.length === 0) return;
  if (isEmbedded(dataSource.options)) {
    const runner = dataSource.createQueryRunner();
    return buildLaterIndexes(runner, indexes, { isShared: false }).finally(() => runner.release());
  }
  // At nearly every start there is nothing to do: then no second connection is needed, of which a pooler may have none.
  const looking = dataSource.createQueryRunner();
  const missing = await missingIndexes(looking, indexes).finally(() => looking.release());
  if (missing.length === 0) return;
  const patient = await patientCopy(dataSource, 2).initialize();
  const [holder, builder] = [patient.createQueryRunner(), patient.createQueryRunner()];
  try {
    await begin(holder, isLocked);
    // A statement with parameters keeps its snapshot until the next one, and an index that is built concurrently waits for every snapshot.
    await holder.query('SELECT 1');
    await buildLaterIndexes(builder, indexes, { isShared: true });
  } finally {
    if (holder.isTransactionActive) await holder.rollbackTransaction().catch(() => undefined);
    await patient.destroy();
  }
}

/** Lock and migrations share the transaction: losing the one loses the other, and no pooler can keep the lock in a session. */
async function inOneTransaction(
  dataSource: DataSource,
  lock: (runner: QueryRunner) => Promise<boolean>,
  work: (executor: MigrationExecutor) => Promise<void>,
): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await begin(runner, lock);
    await ensureSchema(runner);
    await work(new MigrationExecutor(dataSource, runner));
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

// Asks again and again rather than waiting in `pg_advisory_xact_lock`, so that it can say what it waits for.
async function begin(runner: QueryRunner, lock: (runner: QueryRunner) => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await runner.startTransaction();
    await runner.query(PATIENT);
    if (await lock(runner)) return;
    await runner.rollbackTransaction();
    if (attempt === 50) new Logger('database').warn('Another process is running migrations. Waiting for it to finish.');
    await pause(100);
  }
}

async function isLocked(runner: QueryRunner): Promise<boolean> {
  const [row] = await runner.query('SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS locked', [
    LOCK,
    schemaOf(runner),
  ]);
  return row.locked;
}
