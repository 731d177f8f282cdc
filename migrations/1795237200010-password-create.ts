import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passwords, and what each pending registration would install. */
export class PasswordCreate1795237200010 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasswordCreate1795237200010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passwords (
        user_id uuid NOT NULL,
        password_hash text NOT NULL,
        changed_at timestamp with time zone NOT NULL,
        CONSTRAINT passwords_pkey PRIMARY KEY (user_id)
      )`);
    await runner.query(`
      CREATE TABLE registrations (
        token_id uuid NOT NULL,
        user_id uuid NOT NULL,
        password_hash text NOT NULL,
        name text,
        CONSTRAINT registrations_pkey PRIMARY KEY (token_id),
        CONSTRAINT registrations_token_id_fkey FOREIGN KEY (token_id) REFERENCES mailed_tokens (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX registrations_user_id_idx ON registrations (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE registrations');
    await runner.query('DROP TABLE passwords');
  }
}
