import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions that are good for one thing only. */
export class SessionsAddOnlyFor1795237204010 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddOnlyFor1795237204010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN only_for text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN only_for');
  }
}
