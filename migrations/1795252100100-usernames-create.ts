import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usernames, and those that were given up lately. */
export class UsernamesCreate1795252100100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsernamesCreate1795252100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.usernames (
        canonical text NOT NULL,
        username text NOT NULL,
        user_id uuid,
        is_chosen boolean NOT NULL,
        taken_at timestamptz NOT NULL,
        released_at timestamptz,
        CONSTRAINT usernames_pkey PRIMARY KEY (canonical)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX usernames_user_id_key ON coatcheck.usernames (user_id) WHERE released_at IS NULL',
    );
    await runner.query('CREATE INDEX usernames_released_at_idx ON coatcheck.usernames (released_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.usernames');
  }
}
