import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passwords, and registrations: of people who are no users before their mailbox is proven. */
export class PasswordCreate1795246100100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasswordCreate1795246100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.passwords (
        user_id uuid NOT NULL,
        password_hash text NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT passwords_pkey PRIMARY KEY (user_id)
      )`);
    await runner.query(`
      CREATE TABLE coatcheck.registrations (
        id uuid NOT NULL,
        email text NOT NULL,
        name text,
        password_hash text,
        link_hash text,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        reminded_at timestamptz,
        proven_at timestamptz,
        sent_again_at timestamptz,
        CONSTRAINT registrations_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX registrations_email_idx ON coatcheck.registrations (email)');
    await runner.query('CREATE INDEX registrations_expires_at_idx ON coatcheck.registrations (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.registrations');
    await runner.query('DROP TABLE coatcheck.passwords');
  }
}
