import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { AUTH_DATA_SOURCE } from './auth-data-source.js';
import { assertAssumptions } from './database-assumptions.js';
import { listenNever, poolingOf, TRANSACTION_POOLING } from './pooling.js';
import { schemaOf } from './table-schema.js';

/** The option that leads past a pooler is one of connections that Coatcheck opens. */
const REMEDY =
  'connect it to the server itself, use the pooler in session mode, or give the options databaseUrl and databaseDirectUrl in place of the DataSource';

/** Looks once whether a host's own DataSource gives connections that Coatcheck can rely on, before anything is served. */
@Injectable()
export class HostDataSourceCheck implements OnModuleInit {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws ConfigurationError naming every problem at once */
  async onModuleInit(): Promise<void> {
    await assertAssumptions(this.dataSource, false);
    await assertTables(this.dataSource);
    if ((await poolingOf(this.dataSource)) !== 'transaction') return;
    listenNever(this.dataSource);
    new Logger('database').warn(`Your DataSource ${TRANSACTION_POOLING.problem}. Remedy: ${REMEDY}.`);
  }
}

/** @throws ConfigurationError when the tables are not there */
async function assertTables(dataSource: DataSource): Promise<void> {
  const schema = schemaOf(dataSource);
  const [{ there }] = await dataSource.query('SELECT to_regclass($1) IS NOT NULL AS there', [`"${schema}".users`]);
  if (there) return;
  const problem = `is ${schema}, where your DataSource has no tables of Coatcheck`;
  const remedy =
    'call `migrate(dataSource)` before the application starts, or run `migrations` of Coatcheck with your own';
  throw new ConfigurationError([{ option: 'databaseSchema', problem, remedy }]);
}
