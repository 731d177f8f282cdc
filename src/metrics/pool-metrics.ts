import type { DataSource } from 'typeorm';
import type { Metric } from '../kernel/metric.js';

/** What `pg` tells of its pool. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** How busy the connections to PostgreSQL are: the host's own pool, where it brought one. */
export function poolMetrics(dataSource: DataSource): Metric[] {
  const pool = () => (dataSource.driver as { master?: Pool }).master;
  return [
    {
      kind: 'gauge',
      name: 'coatcheck_postgres_connections_in_use',
      help: 'Connections of the pool that a query or a transaction holds.',
      readValue: () => difference(pool()?.totalCount, pool()?.idleCount),
    },
    {
      kind: 'gauge',
      name: 'coatcheck_postgres_connections_open',
      help: 'Connections of the pool, idle ones included.',
      readValue: () => pool()?.totalCount,
    },
    {
      kind: 'gauge',
      name: 'coatcheck_postgres_queries_waiting',
      help: 'Queries and transactions that wait for a connection of the pool.',
      readValue: () => pool()?.waitingCount,
    },
  ];
}

function difference(all: number | undefined, some: number | undefined): number | undefined {
  return all === undefined || some === undefined ? undefined : all - some;
}
