import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which transaction an event was written: so it can be told which events have become visible since a look before, without a gap. */
export class AuditAddTransaction1795249000100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditAddTransaction1795249000100';

  async up(runner: QueryRunner): Promise<void> {
    // In two steps: a column that begins with a default of this kind would write every row anew. Former events have none.
    await runner.query('ALTER TABLE coatcheck.audit_events ADD COLUMN transaction_id bigint');
    await runner.query('ALTER TABLE coatcheck.audit_events ALTER COLUMN transaction_id SET DEFAULT txid_current()');
    await runner.query('CREATE INDEX audit_events_transaction_idx ON coatcheck.audit_events (transaction_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.audit_events DROP COLUMN transaction_id');
  }
}
