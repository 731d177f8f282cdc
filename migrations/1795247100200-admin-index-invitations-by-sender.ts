import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations end with their sender's sessions. */
export class AdminIndexInvitationsBySender1795247100200 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'AdminIndexInvitationsBySender1795247100200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX invitations_invited_by_idx ON coatcheck.invitations (invited_by)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX coatcheck.invitations_invited_by_idx');
  }
}
