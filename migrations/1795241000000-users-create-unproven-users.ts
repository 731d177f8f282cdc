import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users who registered by themselves and have not proven their mailbox (`EMAIL_VERIFICATION=optional`). */
export class UsersCreateUnprovenUsers1795241000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersCreateUnprovenUsers1795241000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE unproven_users (
        user_id uuid NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT unproven_users_pkey PRIMARY KEY (user_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unproven_users');
  }
}
