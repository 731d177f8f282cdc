import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what an admin did, and what came from an address. */
export class AuditIndexActorAndAddress1795248000100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AuditIndexActorAndAddress1795248000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX audit_events_actor_id_idx ON coatcheck.audit_events (actor_id, id) WHERE actor_id IS NOT NULL',
    );
    await runner.query('CREATE INDEX audit_events_ip_idx ON coatcheck.audit_events (ip, id) WHERE ip IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX coatcheck.audit_events_ip_idx');
    await runner.query('DROP INDEX coatcheck.audit_events_actor_id_idx');
  }
}
