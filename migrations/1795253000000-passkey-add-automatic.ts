import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys that a browser created by itself after a login: no login asks for them as a second factor. */
export class PasskeyAddAutomatic1795253000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasskeyAddAutomatic1795253000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.passkeys ADD COLUMN automatic boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coatcheck.passkeys DROP COLUMN automatic');
  }
}
