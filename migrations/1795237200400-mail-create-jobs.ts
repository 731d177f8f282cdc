import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails yet to be sent. */
export class MailCreateJobs1795237200400 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MailCreateJobs1795237200400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_jobs (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind character varying(64) NOT NULL,
        facts jsonb NOT NULL,
        attempts integer NOT NULL,
        created_at timestamp with time zone NOT NULL,
        due_at timestamp with time zone NOT NULL,
        claimed_by uuid NOT NULL,
        claimed_until timestamp with time zone NOT NULL,
        CONSTRAINT mail_jobs_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX mail_jobs_due_at_idx ON mail_jobs (due_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_jobs');
  }
}
