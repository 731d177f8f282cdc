import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where users have logged in from, for telling what is new: what known devices may do ends by many events, this does not. */
export class LoginCreateDeviceHistory1795241000310 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LoginCreateDeviceHistory1795241000310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE device_history (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        CONSTRAINT device_history_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX device_history_user_id_idx ON device_history (user_id)');
    await runner.query('CREATE INDEX device_history_expires_at_idx ON device_history (expires_at)');
    await runner.query(
      `INSERT INTO device_history SELECT id, user_id, secret_hash, created_at, expires_at FROM known_devices`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE device_history');
  }
}
