import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language that a user has chosen for pages and e-mails. */
export class UsersAddLanguage1795249000300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddLanguage1795249000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.users ADD COLUMN language text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.users DROP COLUMN language');
  }
}
