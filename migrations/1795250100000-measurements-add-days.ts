import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Measurements are summed up by the day too, so that no plot reads more than some hundreds of rows of each name. A row says how much time it
 * spans; its key finds the rows of one span in their order.
 */
export class MeasurementsAddDays1795250100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MeasurementsAddDays1795250100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.measurements ADD COLUMN span_minutes smallint NOT NULL DEFAULT 1');
    await runner.query(`UPDATE coatcheck.measurements SET span_minutes = 60 WHERE node = ''`);
    await runner.query('ALTER TABLE coatcheck.measurements DROP CONSTRAINT measurements_pkey');
    await runner.query(
      'ALTER TABLE coatcheck.measurements ADD CONSTRAINT measurements_pkey PRIMARY KEY (span_minutes, minute, node, name)',
    );
    await runner.query('DROP INDEX coatcheck.measurements_hours_idx');
    await runner.query('DROP INDEX coatcheck.measurements_minutes_idx');
    await runner.query(
      `CREATE INDEX measurements_lookups_idx ON coatcheck.measurements (minute) WHERE span_minutes = 1 AND name = 'lookup_seconds'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM coatcheck.measurements WHERE span_minutes > 60');
    await runner.query('DROP INDEX coatcheck.measurements_lookups_idx');
    await runner.query('ALTER TABLE coatcheck.measurements DROP CONSTRAINT measurements_pkey');
    await runner.query('ALTER TABLE coatcheck.measurements DROP COLUMN span_minutes');
    await runner.query(
      'ALTER TABLE coatcheck.measurements ADD CONSTRAINT measurements_pkey PRIMARY KEY (minute, node, name)',
    );
    await runner.query(`CREATE INDEX measurements_hours_idx ON coatcheck.measurements (minute) WHERE node = ''::text`);
    await runner.query(
      `CREATE INDEX measurements_minutes_idx ON coatcheck.measurements (minute) WHERE node <> ''::text`,
    );
  }
}
