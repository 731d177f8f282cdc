import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Authenticator apps. */
export class TotpCreate1795237204100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'TotpCreate1795237204100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_secrets (
        user_id uuid NOT NULL,
        secret text,
        confirmed_at timestamp with time zone,
        last_step integer NOT NULL,
        last_used_at timestamp with time zone,
        pending_secret text,
        pending_until timestamp with time zone,
        CONSTRAINT totp_secrets_pkey PRIMARY KEY (user_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE totp_secrets');
  }
}
