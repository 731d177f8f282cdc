import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { AUTH_DATA_SOURCE } from './auth-data-source.js';
import { assertAssumptions } from './database-assumptions.js';
import { listenNever, poolingOf } from './pooling.js';
import { schemaOf } from './table-schema.js';

/** Looks once whether a host's own DataSource gives connections that Coatcheck can rely on, before anything is served. */
@Injectable()
export class HostDataSourceCheck implements OnModuleInit {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws ConfigurationError naming every problem at once */
  async onModuleInit(): Promise<void> {
    await assertAssumptions(this.dataSource, false);
    await assertTables(this.dataSource);
    if ((await poolingOf(this.dataSource)) === 'transaction') listenNever(this.dataSource);
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
