import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What can be consumed or advanced once, and what is counted. */
export class SessionsCreateAtomicTables1795237200110 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SessionsCreateAtomicTables1795237200110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE offers (
        key_hash text NOT NULL,
        value bigint NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        CONSTRAINT offers_pkey PRIMARY KEY (key_hash)
      )`);
    await runner.query('CREATE INDEX offers_expires_at_idx ON offers (expires_at)');
    await runner.query(`
      CREATE TABLE counters (
        key_hash text NOT NULL,
        count integer NOT NULL,
        resets_at timestamp with time zone NOT NULL,
        CONSTRAINT counters_pkey PRIMARY KEY (key_hash)
      )`);
    await runner.query('CREATE INDEX counters_resets_at_idx ON counters (resets_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE counters');
    await runner.query('DROP TABLE offers');
  }
}
