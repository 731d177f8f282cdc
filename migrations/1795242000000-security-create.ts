import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What security events need to know: the first proof of a mailbox, the spared session, changes of address, acting sessions. */
export class SecurityCreate1795242000000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'SecurityCreate1795242000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN first_verified_at timestamptz');
    await runner.query('UPDATE users SET first_verified_at = email_verified_at');
    await runner.query('ALTER TABLE users ADD COLUMN except_session_id uuid');
    await runner.query('ALTER TABLE users ADD COLUMN except_session_epoch integer');
    await runner.query('ALTER TABLE mailed_tokens ADD COLUMN epoch integer');
    await runner.query('ALTER TABLE known_devices ADD COLUMN epoch integer NOT NULL DEFAULT 0');
    // Whatever exists belongs to the epoch of now.
    for (const table of ['mailed_tokens', 'known_devices'])
      await runner.query(`UPDATE ${table} SET epoch = (SELECT epoch FROM session_epoch)`);
    await runner.query(`
      CREATE TABLE email_changes (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        old_email text NOT NULL,
        new_email text NOT NULL,
        requested_at timestamptz NOT NULL,
        made_at timestamptz,
        by_admin boolean NOT NULL,
        CONSTRAINT email_changes_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX email_changes_user_id_idx ON email_changes (user_id)');
    await runner.query('CREATE INDEX email_changes_requested_at_idx ON email_changes (requested_at)');
    await runner.query(`
      CREATE TABLE acting_sessions (
        session_id uuid NOT NULL,
        user_id uuid NOT NULL,
        actor_id uuid NOT NULL,
        parent_session_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT acting_sessions_pkey PRIMARY KEY (session_id)
      )`);
    await runner.query('CREATE INDEX acting_sessions_actor_id_idx ON acting_sessions (actor_id)');
    await runner.query('CREATE INDEX acting_sessions_expires_at_idx ON acting_sessions (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE acting_sessions');
    await runner.query('DROP TABLE email_changes');
    await runner.query('ALTER TABLE known_devices DROP COLUMN epoch');
    await runner.query('ALTER TABLE mailed_tokens DROP COLUMN epoch');
    await runner.query('ALTER TABLE users DROP COLUMN except_session_epoch');
    await runner.query('ALTER TABLE users DROP COLUMN except_session_id');
    await runner.query('ALTER TABLE users DROP COLUMN first_verified_at');
  }
}
