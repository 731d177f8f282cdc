import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bounds the live sessions of a user, and lists them, and everyone's, a part at a time. */
export class SessionsAddBound1795243000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddBound1795243000000';

  async up(runner: QueryRunner): Promise<void> {
    // A last-seen update changes none of these: it stays a cheap (HOT) update.
    await runner.query(`
      CREATE INDEX sessions_live_idx ON sessions (user_id, session_epoch, created_at, id) WHERE ended_at IS NULL`);
    // A function, because only its second statement sees what others have committed while it waited for the lock.
    await runner.query(`
      CREATE FUNCTION start_session(
        given jsonb, most integer, in_force integer, excepted uuid, except_epoch integer, reason text
      ) RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE AS $body$
      #variable_conflict use_column
      DECLARE
        started sessions := jsonb_populate_record(NULL::sessions, given);
      BEGIN
        PERFORM pg_advisory_xact_lock(x'73657373'::integer, hashtext(started.user_id::text));
        INSERT INTO sessions SELECT started.*;
        IF most IS NULL THEN RETURN; END IF;
        RETURN QUERY
          WITH live AS MATERIALIZED (
            (SELECT id, created_at FROM sessions
              WHERE user_id = started.user_id AND session_epoch = in_force AND ended_at IS NULL
                AND idle_expires_at > started.created_at AND absolute_expires_at > started.created_at
              ORDER BY created_at, id LIMIT most + 100)
            UNION ALL
            (SELECT id, created_at FROM sessions
              WHERE id = excepted AND user_id = started.user_id AND session_epoch = except_epoch
                AND except_epoch <> in_force AND ended_at IS NULL
                AND idle_expires_at > started.created_at AND absolute_expires_at > started.created_at)),
          beyond AS MATERIALIZED (
            SELECT id FROM live
             ORDER BY id = started.id, created_at, id
             LIMIT greatest(0, least(100, (SELECT count(*) FROM live) - most))),
          locked AS (
            SELECT held.id FROM sessions held JOIN beyond ON beyond.id = held.id
             WHERE held.ended_at IS NULL ORDER BY held.id FOR UPDATE OF held)
          UPDATE sessions SET ended_at = started.created_at, end_reason = reason
            FROM locked WHERE sessions.id = locked.id
          RETURNING sessions.id;
      END $body$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION start_session');
    await runner.query('DROP INDEX sessions_live_idx');
  }
}
