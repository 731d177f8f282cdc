import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys, and how often they were used. */
export class ApiKeyCreate1795246101500 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'ApiKeyCreate1795246101500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.api_keys (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        family_id uuid NOT NULL,
        name text NOT NULL,
        secret_hash text NOT NULL,
        scopes text[] NOT NULL,
        rate_limit integer,
        rate_limit_window_seconds integer,
        quota integer,
        quota_window_seconds integer,
        epoch integer NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        rotated_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT api_keys_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX api_keys_expires_at_idx ON coatcheck.api_keys (expires_at)');
    await runner.query('CREATE INDEX api_keys_revoked_at_idx ON coatcheck.api_keys (revoked_at)');
    await runner.query('CREATE INDEX api_keys_user_id_idx ON coatcheck.api_keys (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.api_key_usage (
        key_id uuid NOT NULL,
        day date NOT NULL,
        requests integer NOT NULL,
        refused integer NOT NULL,
        CONSTRAINT api_key_usage_pkey PRIMARY KEY (key_id, day)
      )`);
    await runner.query('CREATE INDEX api_key_usage_day_idx ON coatcheck.api_key_usage (day)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.api_key_usage');
    await runner.query('DROP TABLE coatcheck.api_keys');
  }
}
