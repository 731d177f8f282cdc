import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from './auth-data-source.js';
import { assertAssumptions } from './database-assumptions.js';

/** Looks once whether a host's own DataSource gives connections that Coatcheck can rely on, before anything is served. */
@Injectable()
export class HostDataSourceCheck implements OnModuleInit {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws ConfigurationError naming every problem at once */
  onModuleInit(): Promise<void> {
    return assertAssumptions(this.dataSource, false);
  }
}
