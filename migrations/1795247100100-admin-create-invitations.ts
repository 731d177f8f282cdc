import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People whom an admin has invited. */
export class AdminCreateInvitations1795247100100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AdminCreateInvitations1795247100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.invitations (
        id uuid NOT NULL,
        email text NOT NULL,
        name text,
        roles text[] NOT NULL,
        fields jsonb,
        link_hash text,
        invited_by uuid,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        epoch integer NOT NULL,
        CONSTRAINT invitations_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX invitations_email_idx ON coatcheck.invitations (email)');
    await runner.query('CREATE INDEX invitations_expires_at_idx ON coatcheck.invitations (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.invitations');
  }
}
