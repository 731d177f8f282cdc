import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Client certificates of service users, and the names in them. */
export class MtlsCreateCertificates1795240900000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'MtlsCreateCertificates1795240900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE certificate_names (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        anchor text NOT NULL,
        kind text NOT NULL,
        value text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT certificate_names_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX certificate_names_name_key ON certificate_names (anchor, kind, value)');
    await runner.query('CREATE INDEX certificate_names_user_id_idx ON certificate_names (user_id)');
    await runner.query(`
      CREATE TABLE certificates (
        id uuid NOT NULL,
        identity text NOT NULL,
        user_id uuid NOT NULL,
        anchor text NOT NULL,
        issuer text NOT NULL,
        serial_number text NOT NULL,
        fingerprint text,
        subject text,
        not_after timestamp with time zone,
        first_used_at timestamp with time zone,
        revoked_at timestamp with time zone,
        CONSTRAINT certificates_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX certificates_identity_key ON certificates (identity, anchor)');
    await runner.query('CREATE INDEX certificates_user_id_idx ON certificates (user_id)');
    await runner.query('CREATE INDEX certificates_not_after_idx ON certificates (not_after)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE certificates');
    await runner.query('DROP TABLE certificate_names');
  }
}
