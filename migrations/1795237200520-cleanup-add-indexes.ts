import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what can be deleted without reading everything. */
export class CleanupAddIndexes1795237200520 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'CleanupAddIndexes1795237200520';

  async up(runner: QueryRunner): Promise<void> {
    // Never written again: a last-seen update stays a cheap (HOT) update.
    await runner.query('CREATE INDEX sessions_absolute_expires_at_idx ON sessions (absolute_expires_at)');
    await runner.query('CREATE INDEX mailed_tokens_expires_at_idx ON mailed_tokens (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX mailed_tokens_expires_at_idx');
    await runner.query('DROP INDEX sessions_absolute_expires_at_idx');
  }
}
