import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys: public keys of authenticators, each its user's. */
export class PasskeyCreate1795237205300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'PasskeyCreate1795237205300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkeys (
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
        created_at timestamp with time zone NOT NULL,
        last_used_at timestamp with time zone,
        CONSTRAINT passkeys_pkey PRIMARY KEY (id),
        CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id)
      )`);
    await runner.query('CREATE INDEX passkeys_user_id_idx ON passkeys (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE passkeys');
  }
}
