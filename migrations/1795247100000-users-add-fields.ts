import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fields that an application declares for its users, also of those who have registered and are none yet. */
export class UsersAddFields1795247100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddFields1795247100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.users ADD COLUMN fields jsonb');
    await runner.query('ALTER TABLE coatcheck.registrations ADD COLUMN fields jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.registrations DROP COLUMN fields');
    await runner.query('ALTER TABLE coatcheck.users DROP COLUMN fields');
  }
}
