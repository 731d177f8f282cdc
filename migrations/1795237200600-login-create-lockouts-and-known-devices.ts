import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consecutive failures of logins, and the browsers that users have logged in from. */
export class LoginCreateLockoutsAndKnownDevices1795237200600 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'LoginCreateLockoutsAndKnownDevices1795237200600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lockouts (
        subject text NOT NULL,
        failures integer NOT NULL,
        locked_until timestamp with time zone,
        expires_at timestamp with time zone NOT NULL,
        CONSTRAINT lockouts_pkey PRIMARY KEY (subject)
      )`);
    await runner.query('CREATE INDEX lockouts_expires_at_idx ON lockouts (expires_at)');
    await runner.query(`
      CREATE TABLE known_devices (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        email_hash text NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        last_seen_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        CONSTRAINT known_devices_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX known_devices_user_id_idx ON known_devices (user_id)');
    await runner.query('CREATE INDEX known_devices_expires_at_idx ON known_devices (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_devices');
    await runner.query('DROP TABLE lockouts');
  }
}
