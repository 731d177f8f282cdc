import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recovery codes. */
export class RecoveryCodeCreate1795237204110 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'RecoveryCodeCreate1795237204110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery_codes (
        user_id uuid NOT NULL,
        code_hash text NOT NULL,
        issued_at timestamp with time zone NOT NULL,
        used_at timestamp with time zone,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recovery_codes');
  }
}
