import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions in which an admin acts as the user, and what ends all sessions of everyone in one step. */
export class SessionsAddImpersonationAndEpoch1795237203100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddImpersonationAndEpoch1795237203100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN impersonator_id uuid');
    await runner.query('ALTER TABLE sessions ADD COLUMN impersonator_epoch integer');
    // One row, and never another.
    await runner.query(`
      CREATE TABLE session_epoch (
        id smallint NOT NULL DEFAULT 1,
        epoch integer NOT NULL,
        CONSTRAINT session_epoch_pkey PRIMARY KEY (id),
        CONSTRAINT session_epoch_only_one CHECK (id = 1)
      )`);
    await runner.query('INSERT INTO session_epoch (epoch) VALUES (0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session_epoch');
    await runner.query('ALTER TABLE sessions DROP COLUMN impersonator_epoch');
    await runner.query('ALTER TABLE sessions DROP COLUMN impersonator_id');
  }
}
