import type { MetricValue } from './plan.js';

/** As `PageBounds` of `TypeormUserDirectory`, and the rows of a page. */
const MOST_SEARCHED = 20_100;

interface Reason {
  readonly shape: RegExp;
  readonly table: string;
  /** Of this run; others of the same shape have no reason. */
  readonly concerns: (values: readonly unknown[]) => boolean;
  /** Rows by an index, at the most; absent: however many. */
  readonly most?: number;
  readonly why: string;
}

/** Why a statement may read a large table otherwise than by a short stretch of an index. */
const REASONS: readonly Reason[] = [
  ...['mail_jobs', 'audit_outbox'].map((table) => ({
    shape: /^SELECT \(SELECT count\(\*\)::integer FROM \(SELECT 1 FROM coatcheck\.mail_jobs LIMIT/,
    table,
    concerns: () => true,
    why: 'the overview says how many wait, and counting stops at a bound',
  })),
  {
    shape: /^SELECT counted\.until, sums\.bar, sums\.count FROM/,
    table: 'audit_counts',
    concerns: () => true,
    why: 'a plot of a year adds up one row for each hour',
  },
  {
    shape: /^INSERT INTO coatcheck\.audit_counts /,
    table: 'audit_events',
    concerns: () => true,
    why: 'the events of an hour that is over are counted once, all of them',
  },
  {
    shape: /^SELECT counted\.count, counted\.passed > \$3 AS "isCut" FROM unnest/,
    table: 'audit_events',
    concerns: () => true,
    why: 'a plot passes the events of hours that are not counted yet, and stops at a bound',
  },
  ...[
    /^SELECT ("u"\."id" AS "u_id"|"?passed"?\."?id"? AS "id")/,
    /^SELECT count\(\*\)::integer AS "count" FROM \(SELECT 1 FROM \S*users/,
  ].map((shape) => ({
    shape,
    table: 'users',
    concerns: () => true,
    most: MOST_SEARCHED,
    why: 'for one page of a search, which may be short, indexes name 10,000 users at most, or 20,000 are passed',
  })),
  ...['sessions', 'api_keys', 'audit_outbox'].map((table) => ({
    shape: new RegExp(
      `^SELECT (destination AS name, )?count\\(\\*\\)::integer AS count FROM \\( SELECT (destination )?FROM \\S*${table}`,
    ),
    table,
    concerns: () => true,
    why: 'admins are told how many there are before an act, and counting stops at a bound',
  })),
];

/** Null: there is none. */
export function reasonFor(shape: string, reading: MetricValue, values: readonly unknown[]): string | null {
  const { table, isSequential, rows } = reading;
  const isWithin = (most: number | undefined) => most === undefined || (!isSequential && rows !== null && rows <= most);
  const fits = (one: Reason) => one.table === table && one.shape.test(shape) && one.concerns(values);
  return REASONS.find((one) => fits(one) && isWithin(one.most))?.why ?? null;
}
