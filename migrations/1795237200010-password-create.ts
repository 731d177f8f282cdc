import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passwords, and registrations: of people who are no users before their mailbox is proven. */
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
        id uuid NOT NULL,
        email text NOT NULL,
        name text,
        password_hash text,
        link_hash text,
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        reminded_at timestamp with time zone,
        proven_at timestamp with time zone,
        CONSTRAINT registrations_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX registrations_email_idx ON registrations (email)');
    await runner.query('CREATE INDEX registrations_expires_at_idx ON registrations (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE registrations');
    await runner.query('DROP TABLE passwords');
  }
}
