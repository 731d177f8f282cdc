import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Client certificates, and whom the names in them stand for. */
export class MtlsCreate1795246101600 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MtlsCreate1795246101600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.certificates (
        id uuid NOT NULL,
        identity text NOT NULL,
        user_id uuid NOT NULL,
        anchor text NOT NULL,
        issuer text NOT NULL,
        serial_number text NOT NULL,
        fingerprint text,
        subject text,
        not_after timestamptz,
        first_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT certificates_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX certificates_identity_key ON coatcheck.certificates (identity, anchor)');
    await runner.query('CREATE INDEX certificates_not_after_idx ON coatcheck.certificates (not_after)');
    await runner.query('CREATE INDEX certificates_user_id_idx ON coatcheck.certificates (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.certificate_names (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        anchor text NOT NULL,
        kind text NOT NULL,
        value text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT certificate_names_pkey PRIMARY KEY (id)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX certificate_names_name_key ON coatcheck.certificate_names (anchor, kind, value)',
    );
    await runner.query('CREATE INDEX certificate_names_user_id_idx ON coatcheck.certificate_names (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.certificate_names');
    await runner.query('DROP TABLE coatcheck.certificates');
  }
}
