import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers have logged out a moment ago, for logins that are under way; and which roles a linked login has given. */
export class FederatedAddLogouts1795252000200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'FederatedAddLogouts1795252000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.federated_logouts (
        id uuid NOT NULL,
        connection_id text NOT NULL,
        issuer text NOT NULL,
        subject text,
        upstream_sid text,
        issued_at timestamptz NOT NULL,
        noted_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT federated_logouts_pkey PRIMARY KEY (id)
      )`);
    await runner.query(
      'CREATE INDEX federated_logouts_subject_idx ON coatcheck.federated_logouts (connection_id, issuer, subject)',
    );
    await runner.query(
      'CREATE INDEX federated_logouts_upstream_sid_idx ON coatcheck.federated_logouts (connection_id, issuer, upstream_sid) WHERE subject IS NULL',
    );
    await runner.query('CREATE INDEX federated_logouts_expires_at_idx ON coatcheck.federated_logouts (expires_at)');
    await runner.query(
      `ALTER TABLE coatcheck.federated_identities ADD COLUMN roles_given text[] NOT NULL DEFAULT '{}'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.federated_identities DROP COLUMN roles_given');
    await runner.query('DROP TABLE coatcheck.federated_logouts');
  }
}
