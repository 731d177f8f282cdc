import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which users have which factors, and which of their browsers are not asked for a second one. */
export class LoginCreateEnrolments1795237204000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LoginCreateEnrolments1795237204000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE enrolments (
        user_id uuid NOT NULL,
        factor text NOT NULL,
        enrolled_at timestamp with time zone NOT NULL,
        CONSTRAINT enrolments_pkey PRIMARY KEY (user_id, factor)
      )`);
    await runner.query('ALTER TABLE known_devices ADD COLUMN remembered_until timestamp with time zone');
    await runner.query('ALTER TABLE known_devices ADD COLUMN user_agent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE known_devices DROP COLUMN user_agent');
    await runner.query('ALTER TABLE known_devices DROP COLUMN remembered_until');
    await runner.query('DROP TABLE enrolments');
  }
}
