import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The token by which the first admin comes in. */
export class AdminCreateBootstrap1795237203200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AdminCreateBootstrap1795237203200';

  async up(runner: QueryRunner): Promise<void> {
    // One row, and never another: of several nodes that start at once one makes the token.
    await runner.query(`
      CREATE TABLE bootstrap_token (
        id smallint NOT NULL DEFAULT 1,
        token_hash text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        consumed_at timestamp with time zone,
        CONSTRAINT bootstrap_token_pkey PRIMARY KEY (id),
        CONSTRAINT bootstrap_token_only_one CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bootstrap_token');
  }
}
