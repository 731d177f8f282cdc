import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened, and where it is yet to be told. */
export class AuditCreate1795237200500 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditCreate1795237200500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL,
        at timestamp with time zone NOT NULL,
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
    await runner.query('CREATE INDEX audit_events_user_id_idx ON audit_events (user_id, id)');
    await runner.query('CREATE INDEX audit_events_type_idx ON audit_events (type, id)');
    await runner.query('CREATE INDEX audit_events_at_idx ON audit_events (at)');
    // A fault in the application, or somebody who got as far as its connection by one, cannot rewrite what happened by a plain
    // statement. Who owns the tables can: for proof against that, follow the log or the webhooks from another machine.
    await runner.query(`
      CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('coatcheck.audit_retention', true) = 'on' THEN
          RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit_events is append-only';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()`);
    await runner.query(`
      CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_events');
    await runner.query('DROP FUNCTION audit_events_refuse()');
  }
}
