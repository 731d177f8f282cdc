import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes whether anything of a token pair was ever presented: until then its response may have been lost. */
export class JwtAddAccessUsedAt1795252000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'JwtAddAccessUsedAt1795252000000';

  async up(runner: QueryRunner): Promise<void> {
    // The rows that are there, and those of an earlier release, do not say: they count as used. The table is not rewritten.
    await runner.query('ALTER TABLE coatcheck.refresh_tokens ADD COLUMN access_used_at timestamptz DEFAULT now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.refresh_tokens DROP COLUMN access_used_at');
  }
}
