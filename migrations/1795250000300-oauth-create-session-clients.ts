import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which clients users were logged in to by which session: they are told of its end. */
export class OauthCreateSessionClients1795250000300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'OauthCreateSessionClients1795250000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.oauth_session_clients (
        session_id uuid NOT NULL,
        client_id text NOT NULL,
        user_id uuid NOT NULL,
        sid text NOT NULL,
        grant_id uuid,
        noted_at timestamptz NOT NULL,
        look_at timestamptz,
        told_at timestamptz,
        CONSTRAINT oauth_session_clients_pkey PRIMARY KEY (session_id, client_id)
      )`);
    await runner.query('CREATE INDEX oauth_session_clients_grant_id_idx ON coatcheck.oauth_session_clients (grant_id)');
    await runner.query('CREATE INDEX oauth_session_clients_look_at_idx ON coatcheck.oauth_session_clients (look_at)');
    await runner.query('CREATE INDEX oauth_session_clients_noted_at_idx ON coatcheck.oauth_session_clients (noted_at)');
    await runner.query('CREATE INDEX oauth_session_clients_user_id_idx ON coatcheck.oauth_session_clients (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.oauth_logout_jobs (
        session_id uuid NOT NULL,
        client_id text NOT NULL,
        user_id uuid NOT NULL,
        sid text NOT NULL,
        ended_at timestamptz NOT NULL,
        attempts integer NOT NULL,
        due_at timestamptz NOT NULL,
        claimed_by uuid,
        claimed_until timestamptz NOT NULL,
        last_error text,
        dead_at timestamptz,
        CONSTRAINT oauth_logout_jobs_pkey PRIMARY KEY (session_id, client_id)
      )`);
    await runner.query('CREATE INDEX oauth_logout_jobs_client_id_idx ON coatcheck.oauth_logout_jobs (client_id)');
    await runner.query('CREATE INDEX oauth_logout_jobs_dead_at_idx ON coatcheck.oauth_logout_jobs (dead_at)');
    await runner.query(
      'CREATE INDEX oauth_logout_jobs_due_idx ON coatcheck.oauth_logout_jobs (due_at, session_id, client_id) WHERE dead_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.oauth_logout_jobs');
    await runner.query('DROP TABLE coatcheck.oauth_session_clients');
  }
}
