import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was revoked, in order, and which nodes may be answering from memory. */
export class RevocationCreate1795246100500 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'RevocationCreate1795246100500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.revocations (
        seq bigint NOT NULL,
        subject text NOT NULL,
        kind text NOT NULL,
        not_before timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT revocations_pkey PRIMARY KEY (seq)
      )`);
    await runner.query('CREATE INDEX revocations_expires_at_idx ON coatcheck.revocations (expires_at)');
    // One row. A sequence would number in the order of asking; a row that stays locked until the commit numbers in the order
    // of the commits, and leaves no gap when a transaction is rolled back.
    await runner.query(`
      CREATE TABLE coatcheck.revocation_head (
        only_row boolean NOT NULL DEFAULT true,
        seq bigint NOT NULL,
        CONSTRAINT revocation_head_pkey PRIMARY KEY (only_row),
        CONSTRAINT revocation_head_only_row CHECK (only_row)
      )`);
    await runner.query('INSERT INTO coatcheck.revocation_head (seq) VALUES (0)');
    await runner.query(`
      CREATE TABLE coatcheck.node_leases (
        node_id text NOT NULL,
        applied_seq bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT node_leases_pkey PRIMARY KEY (node_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.node_leases');
    await runner.query('DROP TABLE coatcheck.revocation_head');
    await runner.query('DROP TABLE coatcheck.revocations');
  }
}
