import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an address begins with: a search for one or two letters looks for no more of it. */
export class UsersIndexBeginnings1795254000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersIndexBeginnings1795254000000';
  // The unique index of the addresses is in the order of the database's language, which tells no beginnings.
  readonly laterIndexes = [{ name: 'users_email_beginning_idx', table: 'users', on: '(email text_pattern_ops)' }];

  async up(): Promise<void> {}

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS coatcheck.users_email_beginning_idx');
  }
}
