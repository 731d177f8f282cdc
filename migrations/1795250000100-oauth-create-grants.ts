import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users have allowed clients: grants, from which their tokens come, and remembered consents. */
export class OauthCreateGrants1795250000100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'OauthCreateGrants1795250000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.oauth_grants (
        id uuid NOT NULL,
        client_id text NOT NULL,
        user_id uuid NOT NULL,
        session_id uuid,
        epoch integer NOT NULL,
        global_epoch integer NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        CONSTRAINT oauth_grants_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX oauth_grants_client_id_idx ON coatcheck.oauth_grants (client_id)');
    await runner.query('CREATE INDEX oauth_grants_ended_at_idx ON coatcheck.oauth_grants (ended_at)');
    await runner.query('CREATE INDEX oauth_grants_expires_at_idx ON coatcheck.oauth_grants (expires_at)');
    await runner.query(
      'CREATE INDEX oauth_grants_session_id_idx ON coatcheck.oauth_grants (session_id) WHERE session_id IS NOT NULL',
    );
    await runner.query('CREATE INDEX oauth_grants_user_id_idx ON coatcheck.oauth_grants (user_id, id)');
    await runner.query(
      'CREATE INDEX oauth_grants_live_idx ON coatcheck.oauth_grants (user_id, client_id, created_at, id) WHERE ended_at IS NULL',
    );
    await runner.query(`
      CREATE TABLE coatcheck.oauth_consents (
        user_id uuid NOT NULL,
        client_id text NOT NULL,
        scopes jsonb NOT NULL,
        given_at timestamptz NOT NULL,
        CONSTRAINT oauth_consents_pkey PRIMARY KEY (user_id, client_id)
      )`);
    await runner.query('CREATE INDEX oauth_consents_client_id_idx ON coatcheck.oauth_consents (client_id)');
    await runner.query(`
      CREATE TABLE coatcheck.oauth_revoked_tokens (
        owner text NOT NULL,
        jti_hash text NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT oauth_revoked_tokens_pkey PRIMARY KEY (owner, jti_hash)
      )`);
    await runner.query(
      'CREATE INDEX oauth_revoked_tokens_expires_at_idx ON coatcheck.oauth_revoked_tokens (expires_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.oauth_revoked_tokens');
    await runner.query('DROP TABLE coatcheck.oauth_consents');
    await runner.query('DROP TABLE coatcheck.oauth_grants');
  }
}
