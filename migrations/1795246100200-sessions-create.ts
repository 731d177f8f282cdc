import type { MigrationInterface, QueryRunner } from 'typeorm';

// A function, because only its second statement sees what others have committed while it waited for the lock. Of a user with far more
// than the bound only those made first by their clocks are looked at, and those of them that began first end: work must not depend on
// how many there are. `ordinal` is null in rows that were written by something else: they are the oldest.
const START_SESSION = `
      CREATE FUNCTION coatcheck.start_session(
        given jsonb, most integer, in_force integer, excepted uuid, except_epoch integer, reason text
      ) RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE AS $body$
      #variable_conflict use_column
      DECLARE
        started coatcheck.sessions := jsonb_populate_record(NULL::coatcheck.sessions, given);
      BEGIN
        PERFORM pg_advisory_xact_lock(x'73657373'::integer, hashtext(started.user_id::text));
        started.ordinal := 1 + coalesce((
          SELECT ordinal FROM coatcheck.sessions WHERE user_id = started.user_id AND ordinal IS NOT NULL
           ORDER BY ordinal DESC LIMIT 1), 0);
        INSERT INTO coatcheck.sessions SELECT started.*;
        IF most IS NULL THEN RETURN; END IF;
        RETURN QUERY
          WITH live AS MATERIALIZED (
            (SELECT id, created_at, ordinal FROM coatcheck.sessions
              WHERE user_id = started.user_id AND epoch_sum = in_force AND ended_at IS NULL
                AND idle_expires_at > started.last_seen_at AND absolute_expires_at > started.last_seen_at
              ORDER BY created_at, id LIMIT most + 100)
            UNION ALL
            (SELECT id, created_at, ordinal FROM coatcheck.sessions
              WHERE id = excepted AND user_id = started.user_id AND epoch_sum = except_epoch
                AND except_epoch <> in_force AND ended_at IS NULL
                AND idle_expires_at > started.last_seen_at AND absolute_expires_at > started.last_seen_at)),
          beyond AS MATERIALIZED (
            SELECT id FROM live
             ORDER BY id = started.id, ordinal NULLS FIRST, created_at, id
             LIMIT greatest(0, least(100, (SELECT count(*) FROM live) - most))),
          locked AS (
            SELECT held.id FROM coatcheck.sessions held JOIN beyond ON beyond.id = held.id
             WHERE held.ended_at IS NULL ORDER BY held.id FOR UPDATE OF held)
          UPDATE coatcheck.sessions SET ended_at = started.last_seen_at, end_reason = reason
            FROM locked WHERE sessions.id = locked.id
          RETURNING sessions.id;
      END $body$`;

/** Sessions, and the refresh tokens that live and die with them. */
export class SessionsCreate1795246100200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsCreate1795246100200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.sessions (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        strategy character varying(32) NOT NULL,
        secret_hash text,
        created_at timestamptz NOT NULL,
        authenticated_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        idle_expires_at timestamptz NOT NULL,
        absolute_expires_at timestamptz NOT NULL,
        ip character varying(45),
        user_agent character varying(512),
        amr text[] NOT NULL,
        ended_at timestamptz,
        end_reason text,
        epoch_sum integer NOT NULL DEFAULT 1,
        impersonator_id uuid,
        impersonator_epoch_sum integer,
        only_for text,
        transport text,
        ordinal bigint,
        CONSTRAINT sessions_pkey PRIMARY KEY (id)
      )`);
    // Never written again: a last-seen update stays a cheap (HOT) update.
    await runner.query('CREATE INDEX sessions_absolute_expires_at_idx ON coatcheck.sessions (absolute_expires_at)');
    // A last-seen update changes none of these: it stays a cheap (HOT) update.
    await runner.query(
      'CREATE INDEX sessions_live_idx ON coatcheck.sessions (user_id, epoch_sum, created_at, id) WHERE ended_at IS NULL',
    );
    // The highest number is one probe.
    await runner.query('CREATE INDEX sessions_user_id_ordinal_idx ON coatcheck.sessions (user_id, ordinal)');
    await runner.query(`
      CREATE TABLE coatcheck.refresh_tokens (
        session_id uuid NOT NULL,
        token_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        CONSTRAINT refresh_tokens_pkey PRIMARY KEY (session_id, token_hash),
        CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES coatcheck.sessions (id) ON DELETE CASCADE
      )`);
    await runner.query(START_SESSION);
    // One row, and never another.
    await runner.query(`
      CREATE TABLE coatcheck.global_session_epoch (
        id smallint NOT NULL DEFAULT 1,
        epoch integer NOT NULL,
        CONSTRAINT global_session_epoch_pkey PRIMARY KEY (id),
        CONSTRAINT global_session_epoch_only_one CHECK (id = 1)
      )`);
    await runner.query('INSERT INTO coatcheck.global_session_epoch (epoch) VALUES (0)');
    await runner.query(`
      CREATE TABLE coatcheck.acting_sessions (
        session_id uuid NOT NULL,
        user_id uuid NOT NULL,
        actor_id uuid NOT NULL,
        parent_session_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT acting_sessions_pkey PRIMARY KEY (session_id)
      )`);
    await runner.query('CREATE INDEX acting_sessions_actor_id_idx ON coatcheck.acting_sessions (actor_id)');
    await runner.query('CREATE INDEX acting_sessions_expires_at_idx ON coatcheck.acting_sessions (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION coatcheck.start_session');
    await runner.query('DROP TABLE coatcheck.acting_sessions');
    await runner.query('DROP TABLE coatcheck.global_session_epoch');
    await runner.query('DROP TABLE coatcheck.refresh_tokens');
    await runner.query('DROP TABLE coatcheck.sessions');
  }
}
