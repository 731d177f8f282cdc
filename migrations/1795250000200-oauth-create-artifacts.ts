import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the OAuth provider hands out and takes back: codes, refresh tokens, device codes, interactions and their like. */
export class OauthCreateArtifacts1795250000200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'OauthCreateArtifacts1795250000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.oauth_artifacts (
        kind text NOT NULL,
        id_hash text NOT NULL,
        grant_id uuid,
        handle_hash text,
        payload jsonb NOT NULL,
        consumed_at timestamptz,
        polled_at timestamptz,
        poll_seconds integer,
        expires_at timestamptz NOT NULL,
        CONSTRAINT oauth_artifacts_pkey PRIMARY KEY (kind, id_hash)
      )`);
    await runner.query('CREATE INDEX oauth_artifacts_expires_at_idx ON coatcheck.oauth_artifacts (expires_at)');
    await runner.query(
      'CREATE INDEX oauth_artifacts_grant_id_idx ON coatcheck.oauth_artifacts (grant_id) WHERE grant_id IS NOT NULL',
    );
    await runner.query(
      'CREATE UNIQUE INDEX oauth_artifacts_handle_hash_key ON coatcheck.oauth_artifacts (kind, handle_hash) WHERE handle_hash IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.oauth_artifacts');
  }
}
