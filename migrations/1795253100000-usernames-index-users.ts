import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The names of a user, also those given up: what ends an account, and each choice of a name, looks for them. */
export class UsernamesIndexUsers1795253100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsernamesIndexUsers1795253100000';
  readonly laterIndexes = [{ name: 'usernames_any_user_id_idx', table: 'usernames', on: '(user_id)' }];

  async up(): Promise<void> {}

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS coatcheck.usernames_any_user_id_idx');
  }
}
