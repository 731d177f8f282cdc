import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened, and to whom it is yet to be told. */
export class AuditCreate1795246100700 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditCreate1795246100700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.audit_events (
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        type character varying(64) COLLATE "C" NOT NULL,
        user_id uuid,
        actor_id uuid,
        session_id uuid,
        reason text,
        ip text,
        user_agent text,
        request_id text,
        details jsonb NOT NULL,
        CONSTRAINT audit_events_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX audit_events_at_idx ON coatcheck.audit_events (at)');
    await runner.query(
      `CREATE INDEX audit_events_group_idx ON coatcheck.audit_events (split_part(type::text, '.'::text, 1), id)`,
    );
    await runner.query('CREATE INDEX audit_events_type_idx ON coatcheck.audit_events (type, id)');
    await runner.query('CREATE INDEX audit_events_user_id_idx ON coatcheck.audit_events (user_id, id)');
    // A fault in the application, or somebody who got as far as its connection by one, cannot rewrite what happened by a plain
    // statement. Who owns the tables can: for proof against that, follow the log or the webhooks from another machine.
    await runner.query(`
      CREATE FUNCTION coatcheck.audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('coatcheck.audit_retention', true) = 'on' THEN
          RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit_events is append-only';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON coatcheck.audit_events
        FOR EACH ROW EXECUTE FUNCTION coatcheck.audit_events_refuse()`);
    await runner.query(`
      CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON coatcheck.audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION coatcheck.audit_events_refuse()`);
    await runner.query(`
      CREATE TABLE coatcheck.audit_outbox (
        event_id uuid NOT NULL,
        destination text NOT NULL,
        attempts integer NOT NULL,
        due_at timestamptz NOT NULL,
        claimed_by uuid,
        claimed_until timestamptz NOT NULL,
        last_error text,
        dead_at timestamptz,
        CONSTRAINT audit_outbox_pkey PRIMARY KEY (event_id, destination)
      )`);
    await runner.query(
      'CREATE INDEX audit_outbox_dead_idx ON coatcheck.audit_outbox (dead_at) WHERE dead_at IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX audit_outbox_due_idx ON coatcheck.audit_outbox (destination, due_at, event_id) WHERE dead_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.audit_outbox');
    await runner.query('DROP TABLE coatcheck.audit_events');
    await runner.query('DROP FUNCTION coatcheck.audit_events_refuse()');
  }
}
