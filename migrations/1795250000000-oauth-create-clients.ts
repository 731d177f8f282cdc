import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients of the OAuth provider, the APIs they ask for, and the tokens that let clients register. */
export class OauthCreateClients1795250000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'OauthCreateClients1795250000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.oauth_clients (
        id text NOT NULL,
        name text NOT NULL,
        origin text NOT NULL,
        metadata jsonb NOT NULL,
        secret_hash text,
        previous_secret_hash text,
        previous_secret_until timestamptz,
        registration_token_hash text,
        first_party boolean NOT NULL,
        requires_pkce boolean NOT NULL,
        scopes text[],
        resources text[],
        default_resource text,
        service_user_id uuid,
        epoch integer NOT NULL,
        generation integer NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        disabled_at timestamptz,
        unused_since timestamptz,
        deleted_at timestamptz,
        CONSTRAINT oauth_clients_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX oauth_clients_origin_idx ON coatcheck.oauth_clients (origin, id)');
    await runner.query(
      'CREATE INDEX oauth_clients_unused_since_idx ON coatcheck.oauth_clients (unused_since) WHERE unused_since IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX oauth_clients_deleted_at_idx ON coatcheck.oauth_clients (deleted_at) WHERE deleted_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX oauth_clients_service_user_id_idx ON coatcheck.oauth_clients (service_user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.oauth_resources (
        uri text NOT NULL,
        name text NOT NULL,
        scopes jsonb NOT NULL,
        access_token_seconds integer,
        operator_client_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT oauth_resources_pkey PRIMARY KEY (uri)
      )`);
    await runner.query(`
      CREATE TABLE coatcheck.oauth_registration_tokens (
        id uuid NOT NULL,
        token_hash text NOT NULL,
        uses_left integer NOT NULL,
        created_by uuid NOT NULL,
        epoch integer NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT oauth_registration_tokens_pkey PRIMARY KEY (id),
        CONSTRAINT oauth_registration_tokens_token_hash_key UNIQUE (token_hash)
      )`);
    await runner.query(
      'CREATE INDEX oauth_registration_tokens_expires_at_idx ON coatcheck.oauth_registration_tokens (expires_at)',
    );
    await runner.query(
      'CREATE INDEX oauth_registration_tokens_created_by_idx ON coatcheck.oauth_registration_tokens (created_by)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.oauth_registration_tokens');
    await runner.query('DROP TABLE coatcheck.oauth_resources');
    await runner.query('DROP TABLE coatcheck.oauth_clients');
  }
}
