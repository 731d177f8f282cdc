import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What can be consumed or advanced once, and what is counted. */
export class CountersCreate1795246100300 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'CountersCreate1795246100300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.offers (
        key_hash text NOT NULL,
        value bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT offers_pkey PRIMARY KEY (key_hash)
      )`);
    await runner.query('CREATE INDEX offers_expires_at_idx ON coatcheck.offers (expires_at)');
    await runner.query(`
      CREATE TABLE coatcheck.counters (
        key_hash text NOT NULL,
        count integer NOT NULL,
        resets_at timestamptz NOT NULL,
        CONSTRAINT counters_pkey PRIMARY KEY (key_hash)
      )`);
    await runner.query('CREATE INDEX counters_resets_at_idx ON coatcheck.counters (resets_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.counters');
    await runner.query('DROP TABLE coatcheck.offers');
  }
}
