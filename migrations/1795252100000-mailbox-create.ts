import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests to sign in by e-mail. Of what is mailed nothing is stored: it follows from the id, and a key of ours. */
export class MailboxCreate1795252100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MailboxCreate1795252100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.login_mails (
        id uuid NOT NULL,
        email text NOT NULL,
        user_id uuid,
        attempts integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        mailed_at timestamptz,
        expires_at timestamptz NOT NULL,
        epoch integer NOT NULL,
        consumed_at timestamptz,
        proved_at timestamptz,
        CONSTRAINT login_mails_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX login_mails_user_id_idx ON coatcheck.login_mails (user_id)');
    await runner.query('CREATE INDEX login_mails_expires_at_idx ON coatcheck.login_mails (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.login_mails');
  }
}
