import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which events are yet to be told to whom. */
export class AuditCreateOutbox1795237200510 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditCreateOutbox1795237200510';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_outbox (
        event_id uuid NOT NULL,
        destination text NOT NULL,
        attempts integer NOT NULL,
        due_at timestamp with time zone NOT NULL,
        claimed_by uuid,
        claimed_until timestamp with time zone NOT NULL,
        last_error text,
        dead_at timestamp with time zone,
        CONSTRAINT audit_outbox_pkey PRIMARY KEY (event_id, destination)
      )`);
    await runner.query(
      'CREATE INDEX audit_outbox_due_idx ON audit_outbox (destination, due_at, event_id) WHERE dead_at IS NULL',
    );
    await runner.query('CREATE INDEX audit_outbox_dead_idx ON audit_outbox (dead_at) WHERE dead_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_outbox');
  }
}
