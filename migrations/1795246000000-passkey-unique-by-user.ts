import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One credential id may be several users': a refusal would tell that somebody has it. */
export class PasskeyUniqueByUser1795246000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasskeyUniqueByUser1795246000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE passkeys
        DROP CONSTRAINT passkeys_credential_id_key,
        ADD CONSTRAINT passkeys_user_id_credential_id_key UNIQUE (user_id, credential_id)`);
    // That of the constraint begins with the user too.
    await runner.query('DROP INDEX passkeys_user_id_idx');
  }

  /** Fails, and changes nothing, while one credential id is several users'. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX passkeys_user_id_idx ON passkeys (user_id)');
    await runner.query(`
      ALTER TABLE passkeys
        DROP CONSTRAINT passkeys_user_id_credential_id_key,
        ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id)`);
  }
}
