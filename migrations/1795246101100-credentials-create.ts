import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which users have which factors. */
export class CredentialsCreate1795246101100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'CredentialsCreate1795246101100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.enrolments (
        user_id uuid NOT NULL,
        factor text NOT NULL,
        enrolled_at timestamptz NOT NULL,
        CONSTRAINT enrolments_pkey PRIMARY KEY (user_id, factor)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.enrolments');
  }
}
