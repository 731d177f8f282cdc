import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Browsers that users have logged in from. */
export class DevicesCreate1795246101000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'DevicesCreate1795246101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.known_devices (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        email_hash text NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        remembered_until timestamptz,
        user_agent text,
        epoch integer NOT NULL DEFAULT 0,
        CONSTRAINT known_devices_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX known_devices_expires_at_idx ON coatcheck.known_devices (expires_at)');
    await runner.query('CREATE INDEX known_devices_user_id_idx ON coatcheck.known_devices (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.device_history (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT device_history_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX device_history_expires_at_idx ON coatcheck.device_history (expires_at)');
    await runner.query('CREATE INDEX device_history_user_id_idx ON coatcheck.device_history (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.device_history');
    await runner.query('DROP TABLE coatcheck.known_devices');
  }
}
