import type { DataSource } from 'typeorm';
import { defineMetrics, type Metric, metricsOf } from '../kernel/metric.js';

/** The counts of a pool of `pg`. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export const poolMetricDescriptions = defineMetrics({
  coatcheck_postgres_connections_in_use: {
    kind: 'gauge',
    help: 'Database connections in use by a query or a transaction.',
  },
  coatcheck_postgres_connections_open: { kind: 'gauge', help: 'Open database connections, including idle ones.' },
  coatcheck_postgres_queries_waiting: {
    kind: 'gauge',
    help: 'Queries and transactions that wait for a database connection.',
  },
});

/** How busy the connections to PostgreSQL are: the host's own pool, where it brought one. */
export function poolMetrics(dataSource: DataSource): Metric[] {
  const pool = () => (dataSource.driver as { master?: Pool }).master;
  return metricsOf(poolMetricDescriptions, {
    coatcheck_postgres_connections_in_use: () => difference(pool()?.totalCount, pool()?.idleCount),
    coatcheck_postgres_connections_open: () => pool()?.totalCount,
    coatcheck_postgres_queries_waiting: () => pool()?.waitingCount,
  });
}

function difference(all: number | undefined, some: number | undefined): number | undefined {
  return all === undefined || some === undefined ? undefined : all - some;
}
