import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Registrations that stand by themselves: their tokens are made when a mail is written, and one of a taken address never has
 * any. `password_selector` is null for those made before, which then look as they did.
 */
export class PasswordFreeRegistrations1795237200410 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasswordFreeRegistrations1795237200410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE registrations DROP CONSTRAINT registrations_token_id_fkey');
    await runner.query(`
      ALTER TABLE registrations
        ADD COLUMN password_selector smallint,
        ADD COLUMN created_at timestamp with time zone`);
    await runner.query(`
      UPDATE registrations SET created_at = mailed_tokens.created_at
        FROM mailed_tokens WHERE mailed_tokens.id = registrations.token_id`);
    await runner.query('ALTER TABLE registrations ALTER COLUMN created_at SET NOT NULL');
    // However often one address is registered, a login finds the few that fit.
    await runner.query(
      'CREATE INDEX registrations_password_selector_idx ON registrations (user_id, password_selector)',
    );
    await runner.query('DROP INDEX registrations_user_id_idx');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX registrations_user_id_idx ON registrations (user_id)');
    await runner.query('DROP INDEX registrations_password_selector_idx');
    await runner.query('DELETE FROM registrations WHERE token_id NOT IN (SELECT id FROM mailed_tokens)');
    await runner.query('ALTER TABLE registrations DROP COLUMN password_selector, DROP COLUMN created_at');
    await runner.query(`
      ALTER TABLE registrations ADD CONSTRAINT registrations_token_id_fkey
        FOREIGN KEY (token_id) REFERENCES mailed_tokens (id) ON DELETE CASCADE`);
  }
}
