import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Admins search for any part of an address or a name: by trigrams, where the database has them. */
export class UsersAddPartSearch1795243100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddPartSearch1795243100000';

  async up(runner: QueryRunner): Promise<void> {
    // Not installed, or not allowed: the search reads the table. `CREATE EXTENSION pg_trgm` and these two statements can be made up for at any time.
    await runner.query(`
      DO $body$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX users_email_part_idx ON users USING gin (email gin_trgm_ops);
        CREATE INDEX users_name_part_idx ON users USING gin (lower(name) gin_trgm_ops);
      EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'users are searched without an index: %', SQLERRM;
      END $body$`);
    // Served a search by prefix.
    for (const index of ['name_prefix', 'email_prefix']) await runner.query(`DROP INDEX users_${index}_idx`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX users_email_prefix_idx ON users (email text_pattern_ops)');
    await runner.query('CREATE INDEX users_name_prefix_idx ON users (lower(name) text_pattern_ops)');
    await runner.query('DROP INDEX IF EXISTS users_name_part_idx');
    await runner.query('DROP INDEX IF EXISTS users_email_part_idx');
  }
}
