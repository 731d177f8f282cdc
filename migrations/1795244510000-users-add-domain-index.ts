import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Admins ask for everyone at one domain, and for persons whose address is unverified, the latest made first. */
export class UsersAddDomainIndex1795244510000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersAddDomainIndex1795244510000';

  async up(runner: QueryRunner): Promise<void> {
    // In the order of the list, so that a page is as long a walk whether few are at a domain or nearly all, lately or long ago.
    await runner.query(`
      CREATE INDEX users_domain_idx ON users (split_part(email, '@', 2), id) WHERE email IS NOT NULL`);
    // Nor may these be left for a walk past everyone else: in an order that only they are in, which is that of the ids all the same.
    await runner.query('DROP INDEX users_banned_idx');
    await runner.query(`
      CREATE INDEX users_banned_idx ON users ((id::text COLLATE "C")) WHERE banned_at IS NOT NULL`);
    // Service users have no address to verify: they would be walked past.
    await runner.query('DROP INDEX users_unverified_idx');
    await runner.query(`
      CREATE INDEX users_unverified_idx ON users ((id::text COLLATE "C"))
        WHERE email_verified_at IS NULL AND kind = 'person'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_unverified_idx');
    await runner.query('CREATE INDEX users_unverified_idx ON users (id) WHERE email_verified_at IS NULL');
    await runner.query('DROP INDEX users_banned_idx');
    await runner.query('CREATE INDEX users_banned_idx ON users (id) WHERE banned_at IS NOT NULL');
    await runner.query('DROP INDEX users_domain_idx');
  }
}
