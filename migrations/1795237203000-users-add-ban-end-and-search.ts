import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bans that end by themselves, and what admins look users up by. */
export class UsersAddBanEndAndSearch1795237203000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddBanEndAndSearch1795237203000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN banned_until timestamp with time zone');
    await runner.query('ALTER TABLE users ADD COLUMN ban_reason text');
    // Whatever the collation of the database: these serve a search by prefix.
    await runner.query('CREATE INDEX users_email_prefix_idx ON users (email text_pattern_ops)');
    await runner.query('CREATE INDEX users_name_prefix_idx ON users (lower(name) text_pattern_ops)');
    // Few among many, in the order in which they are listed.
    await runner.query('CREATE INDEX users_banned_idx ON users (id) WHERE banned_at IS NOT NULL');
    await runner.query('CREATE INDEX users_unverified_idx ON users (id) WHERE email_verified_at IS NULL');
    await runner.query(`CREATE INDEX users_admin_idx ON users (id) WHERE 'admin' = ANY (roles)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['admin', 'unverified', 'banned', 'name_prefix', 'email_prefix']) {
      await runner.query(`DROP INDEX users_${index}_idx`);
    }
    await runner.query('ALTER TABLE users DROP COLUMN ban_reason');
    await runner.query('ALTER TABLE users DROP COLUMN banned_until');
  }
}
