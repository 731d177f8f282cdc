import type { MigrationInterface, QueryRunner } from 'typeorm';

// Not installed, or not allowed: the search reads the table. `CREATE EXTENSION pg_trgm` and these two indexes can be made up for at any
// time. Its operators are named with the schema it is in, which need not be in any search path.
const SEARCH_BY_PART = `
      DO $body$
      DECLARE
        operators text;
      BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        SELECT quote_ident(nspname) || '.gin_trgm_ops' INTO operators
          FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm';
        EXECUTE $index$CREATE INDEX users_email_part_idx ON coatcheck.users USING gin (email $index$ || operators || ')';
        EXECUTE $index$CREATE INDEX users_name_part_idx ON coatcheck.users USING gin (lower(name) $index$ || operators || ')';
      EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'users are searched without an index: %', SQLERRM;
      END $body$`;

/**
 * Users, the links that were mailed to them, and their changes of address. No table refers to `users` by a foreign key: a team may keep its
 * users elsewhere (`UserStore`).
 */
export class UsersCreate1795246100000 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'UsersCreate1795246100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE coatcheck.users (
        id uuid NOT NULL,
        email text,
        email_verified_at timestamptz,
        name text,
        roles text[] NOT NULL,
        created_at timestamptz NOT NULL,
        banned_at timestamptz,
        revision integer NOT NULL DEFAULT 1,
        session_epoch integer NOT NULL DEFAULT 1,
        banned_until timestamptz,
        ban_reason text,
        kind text NOT NULL DEFAULT 'person',
        first_verified_at timestamptz,
        except_session_id uuid,
        except_session_epoch integer,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_email_key UNIQUE (email),
        CONSTRAINT users_kind_check CHECK (
          kind = 'person' AND email IS NOT NULL OR kind = 'service' AND email IS NULL AND email_verified_at IS NULL)
      )`);
    // Few among many, in the order in which they are listed.
    await runner.query(`CREATE INDEX users_admin_idx ON coatcheck.users (id) WHERE 'admin' = ANY (roles)`);
    // These would be left for a walk past everyone else: in an order that only they are in, which is that of the ids all the same.
    await runner.query(
      'CREATE INDEX users_banned_idx ON coatcheck.users ((id::text) COLLATE "C") WHERE banned_at IS NOT NULL',
    );
    // In the order of the list, so that a page is as long a walk whether few are at a domain or nearly all, lately or long ago.
    await runner.query(
      `CREATE INDEX users_domain_idx ON coatcheck.users (split_part(email, '@', 2), id) WHERE email IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX users_service_idx ON coatcheck.users (id) WHERE kind = 'service'`);
    // Service users have no address to verify: they would be walked past.
    await runner.query(
      `CREATE INDEX users_unverified_idx ON coatcheck.users ((id::text) COLLATE "C") WHERE email_verified_at IS NULL AND kind = 'person'`,
    );
    await runner.query(SEARCH_BY_PART);
    await runner.query(`
      CREATE TABLE coatcheck.unproven_users (
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT unproven_users_pkey PRIMARY KEY (user_id)
      )`);
    await runner.query(`
      CREATE TABLE coatcheck.mailed_tokens (
        id uuid NOT NULL,
        purpose character varying(32) NOT NULL,
        user_id uuid NOT NULL,
        origin_id uuid NOT NULL,
        email text NOT NULL,
        secret_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        epoch integer,
        CONSTRAINT mailed_tokens_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX mailed_tokens_expires_at_idx ON coatcheck.mailed_tokens (expires_at)');
    await runner.query('CREATE INDEX mailed_tokens_user_id_idx ON coatcheck.mailed_tokens (user_id)');
    await runner.query(`
      CREATE TABLE coatcheck.email_changes (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        old_email text NOT NULL,
        new_email text NOT NULL,
        requested_at timestamptz NOT NULL,
        made_at timestamptz,
        by_admin boolean NOT NULL,
        is_counted boolean NOT NULL DEFAULT true,
        CONSTRAINT email_changes_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX email_changes_requested_at_idx ON coatcheck.email_changes (requested_at)');
    await runner.query('CREATE INDEX email_changes_user_id_idx ON coatcheck.email_changes (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.email_changes');
    await runner.query('DROP TABLE coatcheck.mailed_tokens');
    await runner.query('DROP TABLE coatcheck.unproven_users');
    await runner.query('DROP TABLE coatcheck.users');
  }
}
