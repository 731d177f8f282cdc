import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The token by which the first admin is made. */
export class AdminCreate1795246100800 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AdminCreate1795246100800';

  async up(runner: QueryRunner): Promise<void> {
    // One row, and never another: of several nodes that start at once one makes the token.
    await runner.query(`
      CREATE TABLE coatcheck.bootstrap_token (
        id smallint NOT NULL DEFAULT 1,
        token_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        consumed_at timestamptz,
        CONSTRAINT bootstrap_token_pkey PRIMARY KEY (id),
        CONSTRAINT bootstrap_token_only_one CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.bootstrap_token');
  }
}
