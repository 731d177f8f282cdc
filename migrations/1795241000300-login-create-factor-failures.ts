import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong codes in a row, per user: what holds back whoever knows a password and guesses the second factor. */
export class LoginCreateFactorFailures1795241000300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LoginCreateFactorFailures1795241000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE factor_failures (
        user_id uuid NOT NULL,
        failures integer NOT NULL,
        blocked_until timestamp with time zone,
        notified_failures integer NOT NULL,
        notified_at timestamp with time zone,
        failed_at timestamp with time zone NOT NULL,
        CONSTRAINT factor_failures_pkey PRIMARY KEY (user_id)
      )`);
    await runner.query('CREATE INDEX factor_failures_failed_at_idx ON factor_failures (failed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE factor_failures');
  }
}
