import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom a lock keeps out, for admins: the subject alone tells nobody. */
export class LoginAddLockedUser1795237203300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LoginAddLockedUser1795237203300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE lockouts ADD COLUMN user_id uuid');
    await runner.query('CREATE INDEX lockouts_user_id_idx ON lockouts (user_id) WHERE user_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX lockouts_user_id_idx');
    await runner.query('ALTER TABLE lockouts DROP COLUMN user_id');
  }
}
