import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service users: no person, so no address. */
export class UsersAddKind1795240800000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddKind1795240800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'person'`);
    await runner.query('ALTER TABLE users ALTER COLUMN email DROP NOT NULL');
    await runner.query(`
      ALTER TABLE users ADD CONSTRAINT users_kind_check
        CHECK (kind = 'person' AND email IS NOT NULL OR kind = 'service' AND email IS NULL AND email_verified_at IS NULL)`);
    await runner.query(`CREATE INDEX users_service_idx ON users (id) WHERE kind = 'service'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // What was made by this migration goes with it: such a user means nothing to the version before.
    await runner.query(`DELETE FROM users WHERE kind = 'service'`);
    await runner.query('DROP INDEX users_service_idx');
    await runner.query('ALTER TABLE users DROP CONSTRAINT users_kind_check');
    await runner.query('ALTER TABLE users ALTER COLUMN email SET NOT NULL');
    await runner.query('ALTER TABLE users DROP COLUMN kind');
  }
}
