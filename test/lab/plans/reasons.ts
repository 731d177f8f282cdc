interface Reason {
  readonly shape: RegExp;
  readonly table: string;
  /** Of this run; others of the same shape have no reason. */
  readonly concerns: (values: readonly unknown[]) => boolean;
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
    /^SELECT "u"\."id" AS "id" FROM .* OFFSET \d+$/,
    /^SELECT "u"\."id" AS "u_id".* >= \$\d+ AND CASE WHEN .* LIMIT \d+$/,
  ].map((shape) => ({
    shape,
    table: 'users',
    concerns: () => true,
    why: 'letters that no index finds are looked for in 20,000 users for one page, which may be short',
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
export function reasonFor(shape: string, table: string, values: readonly unknown[]): string | null {
  const reason = REASONS.find((one) => one.table === table && one.shape.test(shape) && one.concerns(values));
  return reason?.why ?? null;
}
