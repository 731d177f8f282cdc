import type { DynamicModule, Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';

/** A default DataSource for an application's own entities, on the database that Coatcheck opened; their tables are made. */
export function hostTables(entities: readonly Type[]): DynamicModule {
  return TypeOrmModule.forRootAsync({
    inject: [AUTH_DATA_SOURCE],
    useFactory: ({ options }: DataSource) => ({
      ...(options as Extract<DataSource['options'], { type: 'postgres' }>),
      entities: [...entities],
      migrations: [],
      retryAttempts: 0,
    }),
    dataSourceFactory: async (settings) => {
      const dataSource = await new DataSource(settings as DataSource['options']).initialize();
      await dataSource.synchronize();
      return dataSource;
    },
  });
}
