import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that sign access tokens. */
export class JwtCreate1795246100400 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'JwtCreate1795246100400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.signing_keys (
        kid text NOT NULL,
        algorithm text NOT NULL,
        private_jwk_encrypted text NOT NULL,
        created_at timestamptz NOT NULL,
        retired_at timestamptz,
        CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
      )`);
    // However many nodes start at once: only one key of each algorithm can be the one that signs.
    await runner.query(
      'CREATE UNIQUE INDEX signing_keys_current_key ON coatcheck.signing_keys (algorithm) WHERE retired_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.signing_keys');
  }
}
