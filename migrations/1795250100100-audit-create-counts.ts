import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many audit events there were in each hour: of all types, of each subject (`login.`) and of each type. */
export class AuditCreateCounts1795250100100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditCreateCounts1795250100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.audit_counts (
        type text COLLATE "C" NOT NULL,
        hour timestamptz NOT NULL,
        count integer NOT NULL,
        CONSTRAINT audit_counts_pkey PRIMARY KEY (type, hour)
      )`);
    await runner.query('CREATE INDEX audit_counts_hour_idx ON coatcheck.audit_counts (hour)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.audit_counts');
  }
}
