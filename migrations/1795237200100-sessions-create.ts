import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions, and the refresh tokens that live and die with them. */
export class SessionsCreate1795237200100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsCreate1795237200100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        strategy character varying(32) NOT NULL,
        secret_hash text,
        created_at timestamp with time zone NOT NULL,
        authenticated_at timestamp with time zone NOT NULL,
        last_seen_at timestamp with time zone NOT NULL,
        idle_expires_at timestamp with time zone NOT NULL,
        absolute_expires_at timestamp with time zone NOT NULL,
        ip character varying(45),
        user_agent character varying(512),
        amr text array NOT NULL,
        ended_at timestamp with time zone,
        end_reason text,
        CONSTRAINT sessions_pkey PRIMARY KEY (id)
      )`);
    // Serves listLive and endAll. Not on last_seen_at: a last-seen update must stay a cheap (HOT) update.
    await runner.query('CREATE INDEX sessions_user_id_idx ON sessions (user_id)');
    await runner.query(`
      CREATE TABLE refresh_tokens (
        session_id uuid NOT NULL,
        token_hash text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        consumed_at timestamp with time zone,
        CONSTRAINT refresh_tokens_pkey PRIMARY KEY (session_id, token_hash),
        CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refresh_tokens');
    await runner.query('DROP TABLE sessions');
  }
}
