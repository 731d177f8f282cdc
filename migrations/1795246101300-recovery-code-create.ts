import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recovery codes. */
export class RecoveryCodeCreate1795246101300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'RecoveryCodeCreate1795246101300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.recovery_codes (
        user_id uuid NOT NULL,
        code_hash text NOT NULL,
        issued_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.recovery_codes');
  }
}
