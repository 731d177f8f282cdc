import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What nodes measured, by minute and later by hour. */
export class MeasurementsCreate1795249000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MeasurementsCreate1795249000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.measurements (
        minute timestamptz NOT NULL,
        node text NOT NULL,
        name text NOT NULL,
        count double precision NOT NULL,
        sum double precision NOT NULL,
        p50 double precision,
        p99 double precision,
        CONSTRAINT measurements_pkey PRIMARY KEY (minute, node, name)
      )`);
    await runner.query(`CREATE INDEX measurements_hours_idx ON coatcheck.measurements (minute) WHERE node = ''::text`);
    await runner.query(
      `CREATE INDEX measurements_minutes_idx ON coatcheck.measurements (minute) WHERE node <> ''::text`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.measurements');
  }
}
