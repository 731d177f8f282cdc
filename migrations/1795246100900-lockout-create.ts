import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Failures in a row: of logins, and of second factors. */
export class LockoutCreate1795246100900 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LockoutCreate1795246100900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.lockouts (
        subject text NOT NULL,
        failures integer NOT NULL,
        locked_until timestamptz,
        expires_at timestamptz NOT NULL,
        user_id uuid,
        CONSTRAINT lockouts_pkey PRIMARY KEY (subject)
      )`);
    await runner.query('CREATE INDEX lockouts_expires_at_idx ON coatcheck.lockouts (expires_at)');
    await runner.query('CREATE INDEX lockouts_user_id_idx ON coatcheck.lockouts (user_id) WHERE user_id IS NOT NULL');
    await runner.query(`
      CREATE TABLE coatcheck.factor_failures (
        user_id uuid NOT NULL,
        failures integer NOT NULL,
        blocked_until timestamptz,
        notified_failures integer NOT NULL,
        notified_at timestamptz,
        failed_at timestamptz NOT NULL,
        CONSTRAINT factor_failures_pkey PRIMARY KEY (user_id)
      )`);
    await runner.query('CREATE INDEX factor_failures_failed_at_idx ON coatcheck.factor_failures (failed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.factor_failures');
    await runner.query('DROP TABLE coatcheck.lockouts');
  }
}
