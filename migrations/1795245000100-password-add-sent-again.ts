import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which links of registrations were mailed again. */
export class PasswordAddSentAgain1795245000100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasswordAddSentAgain1795245000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations ADD COLUMN sent_again_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations DROP COLUMN sent_again_at');
  }
}
