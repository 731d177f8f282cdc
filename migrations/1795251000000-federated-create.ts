import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outside providers, whose subjects are users here, and which sessions rest on a login there. */
export class FederatedCreate1795251000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'FederatedCreate1795251000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.connections (
        id text NOT NULL,
        slug text NOT NULL,
        kind text NOT NULL,
        issuer text,
        base_url text,
        client_id text NOT NULL,
        client_secret_sealed text,
        settings jsonb NOT NULL,
        organisation_id uuid,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        disabled_at timestamptz,
        CONSTRAINT connections_pkey PRIMARY KEY (id),
        CONSTRAINT connections_slug_key UNIQUE (slug)
      )`);
    await runner.query(`
      CREATE TABLE coatcheck.connection_domains (
        domain text NOT NULL,
        connection_id text NOT NULL,
        verified_at timestamptz,
        CONSTRAINT connection_domains_pkey PRIMARY KEY (domain, connection_id)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX connection_domains_verified_key ON coatcheck.connection_domains (domain) WHERE verified_at IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX connection_domains_connection_id_idx ON coatcheck.connection_domains (connection_id)',
    );
    await runner.query(`
      CREATE TABLE coatcheck.federated_identities (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        connection_id text NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        email_then text,
        linked_at timestamptz NOT NULL,
        last_used_at timestamptz,
        CONSTRAINT federated_identities_pkey PRIMARY KEY (id),
        CONSTRAINT federated_identities_subject_key UNIQUE (connection_id, issuer, subject)
      )`);
    await runner.query('CREATE INDEX federated_identities_user_id_idx ON coatcheck.federated_identities (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.federated_logins (
        id uuid NOT NULL,
        connection_id text NOT NULL,
        identity_id uuid NOT NULL,
        upstream_sid text,
        token_sealed text,
        checked_at timestamptz NOT NULL,
        next_check_at timestamptz NOT NULL,
        failing_since timestamptz,
        was_lost boolean NOT NULL DEFAULT false,
        expires_at timestamptz,
        end_reason text,
        claim_id uuid,
        claimed_until timestamptz,
        CONSTRAINT federated_logins_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX federated_logins_identity_id_idx ON coatcheck.federated_logins (identity_id, id)');
    await runner.query(
      'CREATE INDEX federated_logins_connection_id_idx ON coatcheck.federated_logins (connection_id, id)',
    );
    await runner.query(
      'CREATE INDEX federated_logins_upstream_sid_idx ON coatcheck.federated_logins (upstream_sid) WHERE upstream_sid IS NOT NULL',
    );
    await runner.query('CREATE INDEX federated_logins_next_check_at_idx ON coatcheck.federated_logins (next_check_at)');
    await runner.query(`
      CREATE TABLE coatcheck.federated_sessions (
        session_id uuid NOT NULL,
        login_id uuid NOT NULL,
        CONSTRAINT federated_sessions_pkey PRIMARY KEY (session_id),
        CONSTRAINT federated_sessions_login_id_fkey FOREIGN KEY (login_id)
          REFERENCES coatcheck.federated_logins (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX federated_sessions_login_id_idx ON coatcheck.federated_sessions (login_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.federated_sessions');
    await runner.query('DROP TABLE coatcheck.federated_logins');
    await runner.query('DROP TABLE coatcheck.federated_identities');
    await runner.query('DROP TABLE coatcheck.connection_domains');
    await runner.query('DROP TABLE coatcheck.connections');
  }
}
