import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a host's ClaimsSource says of a session's user, and what the host notes of the session. */
export class SessionsAddClaimsAndMetadata1795247000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsAddClaimsAndMetadata1795247000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE coatcheck.sessions ADD COLUMN claims jsonb, ADD COLUMN claims_revision integer, ADD COLUMN metadata jsonb',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE coatcheck.sessions DROP COLUMN claims, DROP COLUMN claims_revision, DROP COLUMN metadata',
    );
  }
}
