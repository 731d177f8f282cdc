import type { MigrationInterface } from 'typeorm';

/** What a migration does, statement by statement, without running it. */
export async function statementsOf(migration: MigrationInterface): Promise<string[]> {
  const statements: string[] = [];
  const query = async (text: string) => {
    statements.push(...apart(text));
    return [];
  };
  await migration.up({ query } as never);
  return statements;
}

/** A migration that takes away what an older release read says since which release nothing reads it. */
export interface Contract {
  readonly contracts: string;
}

/** Why a node of the release before could fail while this migration runs, or after it; each with its remedy. */
export async function problemsOf(migration: MigrationInterface, released: string): Promise<string[]> {
  const { contracts } = migration as Partial<Contract>;
  if (contracts !== undefined && !isBefore(contracts, released))
    return [
      `contracts what ${contracts} is the first not to read, and ${released} is not after it: wait for the next release`,
    ];
  const made = new Set<string>();
  return (await statementsOf(migration)).flatMap((statement) => {
    const created = /^CREATE TABLE (?:IF NOT EXISTS )?([\w."]+)/i.exec(statement)?.[1];
    if (created) made.add(created);
    return RULES.filter(({ contractable }) => !(contractable && contracts !== undefined))
      .filter((rule) => rule.isBroken(statement, made))
      .map(({ remedy }) => `${statement.slice(0, 100)}: ${remedy}`);
  });
}

interface Rule {
  readonly remedy: string;
  /** Whether a later release may do it, when nothing reads that any more. */
  readonly contractable?: true;
  isBroken(statement: string, made: ReadonlySet<string>): boolean;
}

/** The table of an ALTER, an index or a rule, unless this migration has made it: nobody knows it yet. */
function old(statement: string, made: ReadonlySet<string>): boolean {
  const table = /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?([\w."]+)|\bON (?:ONLY )?([\w."]+)/i.exec(statement);
  const name = table?.[1] ?? table?.[2];
  return name !== undefined && !made.has(name);
}

const isAlter = (statement: string) => /^ALTER TABLE/i.test(statement);

const RULES: readonly Rule[] = [
  {
    remedy: 'the release before reads it. Leave it, and drop it in a later release by a migration with `contracts`',
    contractable: true,
    isBroken: (s) =>
      /^DROP (TABLE|VIEW|MATERIALIZED|TYPE|FUNCTION|SEQUENCE|SCHEMA|TRIGGER|DOMAIN)\b|\bDROP COLUMN\b/i.test(s),
  },
  {
    remedy: 'its `ON CONFLICT` or its plans may need it. Drop it in a later release by a migration with `contracts`',
    contractable: true,
    isBroken: (s, made) => /^DROP INDEX\b/i.test(s) || (/\bDROP CONSTRAINT\b/i.test(s) && old(s, made)),
  },
  {
    remedy:
      'the release before knows the old name alone. Add the new one, write both, drop the old one in a later release',
    isBroken: (s) => /\bRENAME\b|\bSET SCHEMA\b/i.test(s),
  },
  {
    remedy: 'every row is written anew, and the release before reads the old type. Add another column',
    isBroken: (s, made) => /\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b/i.test(s) && old(s, made),
  },
  {
    remedy: 'the release before does not write it. Give it a constant default, or let it be null',
    isBroken: (s, made) =>
      isAlter(s) && old(s, made) && columnsOf(s).some((one) => /\bNOT NULL\b/i.test(one) && !/\bDEFAULT\b/i.test(one)),
  },
  {
    remedy: 'every row is written anew while nobody can read. Add the column without it, then set the default',
    isBroken: (s, made) =>
      isAlter(s) &&
      old(s, made) &&
      columnsOf(s).some((one) => /\bDEFAULT (?!now\(\)|CURRENT_)[\w.]*\w\(|\bGENERATED\b/i.test(one)),
  },
  {
    remedy:
      'the release before may write null. Later, by a migration with `contracts`, after a CHECK that was validated',
    contractable: true,
    isBroken: (s, made) => /\bSET NOT NULL\b/i.test(s) && old(s, made),
  },
  {
    remedy:
      'every row is read while nobody can write, and the release before may break it. Add it NOT VALID; validate it in a later migration',
    isBroken: (s, made) =>
      isAlter(s) &&
      old(s, made) &&
      /\bADD (CONSTRAINT \w+ )?(CHECK|FOREIGN KEY)\b/i.test(s) &&
      !/\bNOT VALID\b/i.test(s),
  },
  {
    remedy: 'nobody can write meanwhile, and the release before may break it. Not on a table that is in use',
    contractable: true,
    isBroken: (s, made) =>
      (isAlter(s) && old(s, made) && /\bADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)\b/i.test(s)) ||
      (/^CREATE UNIQUE INDEX/i.test(s) && old(s, made)),
  },
  {
    remedy: 'nobody can write to the table while it is built. List it in `laterIndexes`',
    isBroken: (s, made) => /^CREATE INDEX (?!CONCURRENTLY)/i.test(s) && old(s, made),
  },
  {
    remedy: 'all migrations share one transaction. List it in `laterIndexes`',
    isBroken: (s) => /\bCONCURRENTLY\b/i.test(s),
  },
  {
    remedy: 'the table is locked row by row for as long as it takes. Fill it in batches, after the migration',
    isBroken: (s, made) => {
      const table = /^(?:UPDATE|DELETE FROM) (?:ONLY )?([\w."]+)/i.exec(s)?.[1];
      return table !== undefined && !made.has(table);
    },
  },
  {
    remedy: 'every statement of every node waits until the transaction ends',
    isBroken: (s) => /^(LOCK|TRUNCATE|VACUUM|CLUSTER|REINDEX)\b|\bSET (LOCAL )?lock_timeout\b/i.test(s),
  },
];

/** The columns that an ALTER adds, each with its own words. */
function columnsOf(statement: string): string[] {
  return statement
    .split(/\bADD (?=COLUMN\b|(?!CONSTRAINT\b|CHECK\b|FOREIGN\b|UNIQUE\b|PRIMARY\b|EXCLUDE\b))/i)
    .slice(1);
}

/** Without comments and texts, which say what they like. */
function apart(text: string): string[] {
  return text
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}

function isBefore(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const first = a.findIndex((part, i) => part !== b[i]);
  return first >= 0 && a[first]! < b[first]!;
}
