import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users, and the links that were mailed to them. No table refers to `users` by a foreign key: a team may keep its users
 * elsewhere (`UserStore`).
 */
export class UsersCreate1795237200000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersCreate1795237200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid NOT NULL,
        email text NOT NULL,
        email_verified_at timestamp with time zone,
        name text,
        roles text array NOT NULL,
        created_at timestamp with time zone NOT NULL,
        banned_at timestamp with time zone,
        revision integer NOT NULL DEFAULT 1,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_email_key UNIQUE (email)
      )`);
    await runner.query(`
      CREATE TABLE mailed_tokens (
        id uuid NOT NULL,
        purpose character varying(32) NOT NULL,
        user_id uuid NOT NULL,
        origin_id uuid NOT NULL,
        email text NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        consumed_at timestamp with time zone,
        CONSTRAINT mailed_tokens_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX mailed_tokens_user_id_idx ON mailed_tokens (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mailed_tokens');
    await runner.query('DROP TABLE users');
  }
}
