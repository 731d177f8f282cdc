import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which clients the options' file has listed, and lists no more. */
export class OauthCreateFileClients1795251000500 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'OauthCreateFileClients1795251000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.oauth_file_clients (
        id text NOT NULL,
        generation integer NOT NULL,
        removed_at timestamptz,
        CONSTRAINT oauth_file_clients_pkey PRIMARY KEY (id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.oauth_file_clients');
  }
}
