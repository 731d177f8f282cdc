import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists the sessions of all users, the latest started first. */
export class SessionsIndexNewest1795248000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsIndexNewest1795248000000';

  async up(runner: QueryRunner): Promise<void> {
    // A last-seen update changes none of these: it stays a cheap (HOT) update.
    await runner.query(
      'CREATE INDEX sessions_newest_idx ON coatcheck.sessions (created_at, id) WHERE ended_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX coatcheck.sessions_newest_idx');
  }
}
