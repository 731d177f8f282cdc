import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the tickets of a session travel. */
export class SessionsAddTransport1795244400000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddTransport1795244400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN transport text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN transport');
  }
}
