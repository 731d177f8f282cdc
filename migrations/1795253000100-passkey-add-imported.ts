import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys that were created at another system: their user handles are not ours, so that a login finds them by the credential id. */
export class PasskeyAddImported1795253000100 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasskeyAddImported1795253000100';
  readonly laterIndexes = [
    { name: 'passkeys_imported_credential_id_idx', table: 'passkeys', on: '(credential_id) WHERE imported' },
  ];

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.passkeys ADD COLUMN imported boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS coatcheck.passkeys_imported_credential_id_idx');
    await runner.query('ALTER TABLE coatcheck.passkeys DROP COLUMN imported');
  }
}
