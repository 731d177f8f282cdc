import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys for machines, and how often each is used. No foreign key to `users`: a team may keep its users elsewhere. */
export class ApiKeyCreate1795240800100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'ApiKeyCreate1795240800100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
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
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone,
        last_used_at timestamp with time zone,
        rotated_at timestamp with time zone,
        revoked_at timestamp with time zone,
        CONSTRAINT api_keys_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX api_keys_user_id_idx ON api_keys (user_id)');
    await runner.query('CREATE INDEX api_keys_expires_at_idx ON api_keys (expires_at)');
    await runner.query('CREATE INDEX api_keys_revoked_at_idx ON api_keys (revoked_at)');
    await runner.query(`
      CREATE TABLE api_key_usage (
        key_id uuid NOT NULL,
        day date NOT NULL,
        requests integer NOT NULL,
        refused integer NOT NULL,
        CONSTRAINT api_key_usage_pkey PRIMARY KEY (key_id, day)
      )`);
    await runner.query('CREATE INDEX api_key_usage_day_idx ON api_key_usage (day)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key_usage');
    await runner.query('DROP TABLE api_keys');
  }
}
