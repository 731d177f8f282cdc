import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys. */
export class PasskeyCreate1795246101400 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasskeyCreate1795246101400';

  async up(runner: QueryRunner): Promise<void> {
    // One credential id may be several users': a refusal would tell that somebody has it.
    await runner.query(`
      CREATE TABLE coatcheck.passkeys (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        credential_id text NOT NULL,
        public_key text NOT NULL,
        signature_count double precision NOT NULL,
        transports text[] NOT NULL,
        aaguid uuid NOT NULL,
        backup_eligible boolean NOT NULL,
        backed_up boolean NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        CONSTRAINT passkeys_pkey PRIMARY KEY (id),
        CONSTRAINT passkeys_user_id_credential_id_key UNIQUE (user_id, credential_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.passkeys');
  }
}
