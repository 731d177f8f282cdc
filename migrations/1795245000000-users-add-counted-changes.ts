import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of address that count no longer against what a user may request. */
export class UsersAddCountedChanges1795245000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddCountedChanges1795245000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE email_changes ADD COLUMN is_counted boolean NOT NULL DEFAULT true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE email_changes DROP COLUMN is_counted');
  }
}
