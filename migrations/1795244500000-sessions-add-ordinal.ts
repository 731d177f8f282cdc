import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which of a user's sessions began first is told by their number, given under the user's lock: the nodes' clocks differ. */
export class SessionsAddOrdinal1795244500000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddOrdinal1795244500000';

  async up(runner: QueryRunner): Promise<void> {
    // Null in rows from before: they are the oldest. Without a default, so that no row is written anew.
    await runner.query('ALTER TABLE sessions ADD COLUMN ordinal bigint');
    // In place of the one over `user_id` alone: the highest number is one probe.
    await runner.query('CREATE INDEX sessions_user_id_ordinal_idx ON sessions (user_id, ordinal)');
    await runner.query('DROP INDEX sessions_user_id_idx');
    await runner.query(
      startSession({ now: 'started.last_seen_at', order: 'ordinal NULLS FIRST, created_at, id', isNumbered: true }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(startSession({ now: 'started.created_at', order: 'created_at, id', isNumbered: false }));
    await runner.query('CREATE INDEX sessions_user_id_idx ON sessions (user_id)');
    await runner.query('DROP INDEX sessions_user_id_ordinal_idx');
    await runner.query('ALTER TABLE sessions DROP COLUMN ordinal');
  }
}

interface Variant {
  /** When it is started. */
  readonly now: string;
  /** Those to end first come first. */
  readonly order: string;
  readonly isNumbered: boolean;
}

/**
 * Of a user with far more than the bound only those made first by their clocks are looked at, and those of them that began first end:
 * work must not depend on how many there are.
 */
function startSession({ now, order, isNumbered }: Variant): string {
  const told = isNumbered ? 'id, created_at, ordinal' : 'id, created_at';
  const numbering = `
        started.ordinal := 1 + coalesce((
          SELECT ordinal FROM sessions WHERE user_id = started.user_id AND ordinal IS NOT NULL
           ORDER BY ordinal DESC LIMIT 1), 0);`;
  return `
      CREATE OR REPLACE FUNCTION start_session(
        given jsonb, most integer, in_force integer, excepted uuid, except_epoch integer, reason text
      ) RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE AS $body$
      #variable_conflict use_column
      DECLARE
        started sessions := jsonb_populate_record(NULL::sessions, given);
      BEGIN
        PERFORM pg_advisory_xact_lock(x'73657373'::integer, hashtext(started.user_id::text));${isNumbered ? numbering : ''}
        INSERT INTO sessions SELECT started.*;
        IF most IS NULL THEN RETURN; END IF;
        RETURN QUERY
          WITH live AS MATERIALIZED (
            (SELECT ${told} FROM sessions
              WHERE user_id = started.user_id AND session_epoch = in_force AND ended_at IS NULL
                AND idle_expires_at > ${now} AND absolute_expires_at > ${now}
              ORDER BY created_at, id LIMIT most + 100)
            UNION ALL
            (SELECT ${told} FROM sessions
              WHERE id = excepted AND user_id = started.user_id AND session_epoch = except_epoch
                AND except_epoch <> in_force AND ended_at IS NULL
                AND idle_expires_at > ${now} AND absolute_expires_at > ${now})),
          beyond AS MATERIALIZED (
            SELECT id FROM live
             ORDER BY id = started.id, ${order}
             LIMIT greatest(0, least(100, (SELECT count(*) FROM live) - most))),
          locked AS (
            SELECT held.id FROM sessions held JOIN beyond ON beyond.id = held.id
             WHERE held.ended_at IS NULL ORDER BY held.id FOR UPDATE OF held)
          UPDATE sessions SET ended_at = ${now}, end_reason = reason
            FROM locked WHERE sessions.id = locked.id
          RETURNING sessions.id;
      END $body$`;
}
