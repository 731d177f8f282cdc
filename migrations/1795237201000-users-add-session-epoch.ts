import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What ends all sessions of a user in one step with the change that ends them. */
export class UsersAddSessionEpoch1795237201000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddSessionEpoch1795237201000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN session_epoch integer NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE sessions ADD COLUMN session_epoch integer NOT NULL DEFAULT 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN session_epoch');
    await runner.query('ALTER TABLE users DROP COLUMN session_epoch');
  }
}
