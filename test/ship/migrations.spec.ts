import type { MigrationInterface } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { laterIndexesOf } from '../../src/database/later-indexes.js';
import { textOf } from './files.js';
import { problemsOf } from './migration-rules.js';

/** The last migration that no release has run without: nothing that is older ever ran beside a node of a release before it. */
const BASELINE = 1795251000500;
const { version } = JSON.parse(textOf('package.json')) as { version: string };
const timeOf = (name: string) => Number(/\d{13}$/.exec(name)?.[0]);
const all = migrations.map((Migration) => new Migration() as MigrationInterface);

const doing = (...statements: string[]) => ({
  async up(runner: { query(text: string): Promise<void> }) {
    for (const statement of statements) await runner.query(statement);
  },
  async down() {},
});

describe('migrations', () => {
  it('after the baseline only add: a node of the release before goes on while they run, and after them', async () => {
    const later = all.filter(({ name }) => timeOf(name!) > BASELINE);
    const problems = await Promise.all(
      later.map(async (one) => (await problemsOf(one, version)).map((problem) => `${one.name}: ${problem}`)),
    );
    expect(problems.flat()).toEqual([]);
  });

  it('are in the order of their times, each of a time of its own', () => {
    const times = migrations.map(({ name }) => timeOf(name));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times).toContain(BASELINE);
  });

  it('name the indexes that are built later so that no two are the same', () => {
    const names = laterIndexesOf(all).map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('the rules of migrations', () => {
  it.each([
    'DROP TABLE coatcheck.users',
    'ALTER TABLE coatcheck.users DROP COLUMN name',
    'ALTER TABLE coatcheck.users ADD COLUMN a text, DROP COLUMN b',
    'DROP INDEX coatcheck.users_email_idx',
    'ALTER TABLE coatcheck.users DROP CONSTRAINT users_pkey',
    'ALTER TABLE coatcheck.users RENAME COLUMN name TO label',
    'ALTER TABLE coatcheck.users RENAME TO people',
    'ALTER TABLE coatcheck.users ALTER COLUMN name TYPE varchar(20)',
    'ALTER TABLE coatcheck.users ALTER name SET DATA TYPE jsonb USING name::jsonb',
    'ALTER TABLE coatcheck.users ADD COLUMN age integer NOT NULL',
    'ALTER TABLE coatcheck.users ADD COLUMN a text DEFAULT 1, ADD COLUMN age integer NOT NULL',
    'ALTER TABLE coatcheck.users ADD age integer NOT NULL',
    'ALTER TABLE coatcheck.users ADD COLUMN token uuid DEFAULT gen_random_uuid()',
    'ALTER TABLE coatcheck.users ADD COLUMN low text GENERATED ALWAYS AS (lower(email)) STORED',
    'ALTER TABLE coatcheck.users ALTER COLUMN name SET NOT NULL',
    'ALTER TABLE coatcheck.users ADD CONSTRAINT named CHECK (name IS NOT NULL)',
    'ALTER TABLE coatcheck.keys ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES coatcheck.users',
    'ALTER TABLE coatcheck.users ADD CONSTRAINT once UNIQUE (name)',
    'CREATE UNIQUE INDEX users_name_idx ON coatcheck.users (name)',
    'CREATE INDEX users_name_idx ON coatcheck.users (name)',
    'CREATE INDEX CONCURRENTLY users_name_idx ON coatcheck.users (name)',
    "UPDATE coatcheck.users SET name = ''",
    'DELETE FROM coatcheck.users',
    'LOCK TABLE coatcheck.users',
    'TRUNCATE coatcheck.users',
    'SELECT 1; DROP TABLE coatcheck.users',
    'SELECT 1 -- not\n; DROP TABLE coatcheck.users',
  ])('forbid: %s', async (statement) => {
    expect(await problemsOf(doing(statement), '9.0.0')).toHaveLength(1);
  });

  it.each([
    'CREATE TABLE coatcheck.notes (id uuid NOT NULL PRIMARY KEY, "text" text NOT NULL)',
    'ALTER TABLE coatcheck.users ADD COLUMN age integer',
    'ALTER TABLE coatcheck.users ADD COLUMN age integer NOT NULL DEFAULT 0',
    "ALTER TABLE coatcheck.users ADD COLUMN state text NOT NULL DEFAULT 'DROP TABLE x; DROP COLUMN y'",
    'ALTER TABLE coatcheck.users ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now()',
    'ALTER TABLE coatcheck.users ALTER COLUMN age SET DEFAULT txid_current()',
    'ALTER TABLE coatcheck.users ALTER COLUMN name DROP NOT NULL',
    'ALTER TABLE coatcheck.users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID',
    'ALTER TABLE coatcheck.users VALIDATE CONSTRAINT named',
    'CREATE FUNCTION coatcheck.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM x; RETURN NEW; END $$',
    '-- DROP TABLE coatcheck.users\nSELECT 1',
  ])('allow: %s', async (statement) => {
    expect(await problemsOf(doing(statement), '9.0.0')).toEqual([]);
  });

  it('allow anything of a table that the same migration makes', async () => {
    const table = 'CREATE TABLE coatcheck.notes (id uuid)';
    const more = [
      'CREATE UNIQUE INDEX notes_idx ON coatcheck.notes (id)',
      'ALTER TABLE coatcheck.notes ADD COLUMN a text NOT NULL',
    ];
    expect(await problemsOf(doing(table, ...more), '9.0.0')).toEqual([]);
    expect(await problemsOf(doing(...more), '9.0.0')).toHaveLength(2);
  });

  it('allow to drop what no release reads any more, once such a release is out; never to rename', async () => {
    const dropping = doing('ALTER TABLE coatcheck.users DROP COLUMN name');
    expect(await problemsOf({ ...dropping, contracts: '0.2.0' } as never, '0.3.0')).toEqual([]);
    expect(await problemsOf({ ...dropping, contracts: '0.2.0' } as never, '0.2.0')).toHaveLength(1);
    expect(await problemsOf({ ...dropping, contracts: '0.10.0' } as never, '0.9.9')).toHaveLength(1);
    const renaming = doing('ALTER TABLE coatcheck.users RENAME COLUMN name TO label');
    expect(await problemsOf({ ...renaming, contracts: '0.2.0' } as never, '0.3.0')).toHaveLength(1);
  });
});
