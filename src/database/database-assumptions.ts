import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import type { ConfigurationProblem } from '../config/option-section.js';
import { clockFinding, FORGIVEN_SECONDS } from './clock-difference.js';
import { PINNED } from './pinned-settings.js';

/** The oldest PostgreSQL that Coatcheck runs on. */
const LEAST_POSTGRES = 14;

/** Begins every DateStyle that can be read. */
const ISO = 'ISO';

const SETTINGS = `
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS "serverEncoding",
    current_setting('client_encoding') AS "clientEncoding", current_setting('DateStyle') AS "dateStyle",
    current_setting('TimeZone') AS "timeZone", current_setting('transaction_isolation') AS isolation`;

/** One answer with a value of each type that Coatcheck reads. */
const VALUES = `
  SELECT 14 AS number, timestamptz '2030-01-02 03:04:05.678+00' AS instant, ARRAY['a', 'b'] AS texts, '{"a":[1]}'::jsonb AS json, true AS flag`;

interface Settings {
  readonly version: unknown;
  readonly serverEncoding: string;
  readonly clientEncoding: string;
  readonly dateStyle: string;
  readonly timeZone: string;
  readonly isolation: string;
}

interface Values {
  readonly number: unknown;
  readonly instant: unknown;
  readonly texts: unknown;
  readonly json: unknown;
  readonly flag: unknown;
}

type Problem = Omit<ConfigurationProblem, 'option'>;

/**
 * The settings of the database that Coatcheck cannot work with, each with its remedy; empty when all is well. The DataSource must be initialised.
 *
 * @param isOwn whether Coatcheck has opened it, and with it has set what can be set
 */
export async function databaseProblems(dataSource: DataSource, isOwn: boolean): Promise<Problem[]> {
  const [settings] = await dataSource.query<[Settings]>(SETTINGS);
  const pin = isOwn
    ? 'let the pooler in between pass the start-up parameter `options` through, or connect to the server directly'
    : 'pin it in your DataSource: extra: { options: "-c DateStyle=ISO -c default_transaction_isolation=read\\ committed" }';
  const problems = [...serverProblems(settings), ...sessionProblems(settings, isOwn, pin)];
  // Of another DateStyle no instant could be read, whatever the parsers.
  if (!settings.dateStyle.startsWith(ISO)) return problems;
  const [values] = await dataSource.query<[Values]>(VALUES);
  return [...problems, ...parserProblems(values)];
}

/**
 * Says so in the log when its clock is far from this machine's. That stops no start: a database whose clock is wrong would stop every node.
 *
 * @throws ConfigurationError naming every problem at once
 */
export async function assertAssumptions(dataSource: DataSource, isOwn: boolean): Promise<void> {
  const problems = await databaseProblems(dataSource, isOwn);
  if (problems.length > 0)
    throw new ConfigurationError(problems.map((problem) => ({ option: 'databaseUrl', ...problem })));
  const clocks = await clockFinding(dataSource, FORGIVEN_SECONDS);
  if (!clocks) return;
  const meaning =
    'What a thief adds just after a change may pass for older than it, and stay when the change is taken back';
  new Logger('database').warn(`DATABASE_URL: ${clocks.problem}. ${meaning}. Remedy: ${clocks.remedy}.`);
}

function serverProblems({ version, serverEncoding }: Settings): Problem[] {
  const major = Math.floor(Number(version) / 10_000);
  const isOld = !(major >= LEAST_POSTGRES);
  const old = {
    problem: `points to PostgreSQL ${major}, which is too old`,
    remedy: `use PostgreSQL ${LEAST_POSTGRES} or later`,
  };
  const encoded = {
    problem: `points to a database with the encoding ${serverEncoding}, which cannot store every name and address`,
    remedy: "create a database with ENCODING 'UTF8' TEMPLATE template0, and restore a dump into it",
  };
  return [...(isOld ? [old] : []), ...(serverEncoding === 'UTF8' ? [] : [encoded])];
}

function sessionProblems(settings: Settings, isOwn: boolean, remedy: string): Problem[] {
  const { dateStyle, timeZone, isolation, clientEncoding } = settings;
  const is = (name: string, value: string, fits: boolean) =>
    fits ? [] : [{ problem: `gives connections with ${name} ${value}`, remedy }];
  return [
    ...is('DateStyle', dateStyle, dateStyle.startsWith(ISO)),
    // An instant is read with its offset, so a host's own time zone changes none.
    ...is('TimeZone', timeZone, !isOwn || timeZone === PINNED.TimeZone),
    ...is('transaction isolation', isolation, isolation === PINNED.default_transaction_isolation),
    ...is('client_encoding', clientEncoding, clientEncoding === PINNED.client_encoding),
  ];
}

/** A host may have given its connections, or its whole process, other parsers. */
function parserProblems({ number, instant, texts, json, flag }: Values): Problem[] {
  const read: Record<string, boolean> = {
    'timestamp with time zone': Object.prototype.toString.call(instant) === '[object Date]',
    integer: number === 14,
    'text[]': JSON.stringify(texts) === '["a","b"]',
    jsonb: JSON.stringify(json) === '{"a":[1]}',
    boolean: flag === true,
  };
  const misread = Object.keys(read).filter((type) => !read[type]);
  if (misread.length === 0) return [];
  const problem = `gives connections whose custom parsers change the meaning of ${misread.join(', ')}`;
  return [
    {
      problem,
      remedy: 'keep the default parsers; set custom ones in `types` of your own connections, not in pg.types',
    },
  ];
}
