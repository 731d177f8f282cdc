import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of authenticator apps. */
export class TotpCreate1795246101200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'TotpCreate1795246101200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.totp_secrets (
        user_id uuid NOT NULL,
        secret text,
        confirmed_at timestamptz,
        last_step integer NOT NULL,
        last_used_at timestamptz,
        pending_secret text,
        pending_until timestamptz,
        CONSTRAINT totp_secrets_pkey PRIMARY KEY (user_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.totp_secrets');
  }
}
