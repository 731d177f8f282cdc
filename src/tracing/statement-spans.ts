import type { DataSource, QueryRunner } from 'typeorm';
import { isOwnDataSource } from '../database/open-data-source.js';
import { schemaOf } from '../database/table-schema.js';
import { defineSpans, type TracedCall, type Tracer, traced } from '../kernel/span.js';
import { StatementSummaries } from './statement-summary.js';

export const statementSpanDescriptions = defineSpans({
  '{statement}': {
    kind: 'client',
    within: 'trace',
    help: 'A statement of PostgreSQL, from the wait for a connection to its answer. Its name says what it does to which tables: `INSERT sessions`.',
    attributes: {
      'db.system.name': '`postgresql`.',
      'db.namespace': 'Database and schema of the tables.',
      'db.query.summary': 'As the name. Neither the text of the statement nor its parameters.',
    },
  },
});

/** Every statement of Coatcheck; of a DataSource of the host's, those that touch Coatcheck's tables. */
export function statementSpans(dataSource: DataSource): TracedCall[] {
  const summaries = new StatementSummaries(schemaOf(dataSource));
  const namespace = [dataSource.driver.database, schemaOf(dataSource)].filter(Boolean).join('|');
  const isOwn = isOwnDataSource(dataSource);
  const summaryOf = (statement: string) => {
    const { summary, isOurs } = summaries.of(statement);
    return isOwn || isOurs ? summary : null;
  };
  return [
    traced(dataSource, 'createQueryRunner', (tracer, create, ...mode) =>
      tracing(create(...mode), tracer, namespace, summaryOf),
    ),
  ];
}

/** The connection, each of whose statements becomes a span. Returns it. */
function tracing(
  runner: QueryRunner,
  tracer: Tracer,
  namespace: string,
  summaryOf: (statement: string) => string | null,
): QueryRunner {
  const query = runner.query;
  runner.query = function (this: QueryRunner, statement: string, ...rest: never[]) {
    const name = summaryOf(statement);
    if (name === null) return query.call(this, statement, ...rest);
    const attributes = { 'db.system.name': 'postgresql', 'db.namespace': namespace, 'db.query.summary': name };
    const span = statementSpanDescriptions['{statement}'];
    return tracer.run(span, attributes, () => query.call(this, statement, ...rest), { name });
  } as QueryRunner['query'];
  return runner;
}
