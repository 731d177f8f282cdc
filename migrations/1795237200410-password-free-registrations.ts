import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody registered: told in the mail, so that a mailbox's owner can tell their own registration from another's. */
export class PasswordAddRegistrationTime1795237200410 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasswordAddRegistrationTime1795237200410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations ADD COLUMN created_at timestamp with time zone');
    await runner.query(`
      UPDATE registrations SET created_at = mailed_tokens.created_at
        FROM mailed_tokens WHERE mailed_tokens.id = registrations.token_id`);
    await runner.query('DELETE FROM registrations WHERE created_at IS NULL');
    await runner.query('ALTER TABLE registrations ALTER COLUMN created_at SET NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations DROP COLUMN created_at');
  }
}
