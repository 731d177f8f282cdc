import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fields that an application declares for its users, also of those who have registered and are none yet. */
export class UsersAddFields1795247000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddFields1795247000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN fields jsonb');
    await runner.query('ALTER TABLE registrations ADD COLUMN fields jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations DROP COLUMN fields');
    await runner.query('ALTER TABLE users DROP COLUMN fields');
  }
}
