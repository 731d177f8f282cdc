import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails yet to be sent. */
export class MailCreate1795246100600 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MailCreate1795246100600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.mail_jobs (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind character varying(64) NOT NULL,
        facts jsonb NOT NULL,
        attempts integer NOT NULL,
        created_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        claimed_by uuid NOT NULL,
        claimed_until timestamptz NOT NULL,
        CONSTRAINT mail_jobs_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX mail_jobs_due_at_idx ON coatcheck.mail_jobs (due_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.mail_jobs');
  }
}
