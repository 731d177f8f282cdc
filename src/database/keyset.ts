import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** No UUID comes before it. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Which ids, in lower case; what is absent does not bound. */
export interface IdRange {
  /** Included. */
  readonly from?: string | undefined;
  /** Not included. */
  readonly before?: readonly (string | undefined)[];
}

/**
 * Rows of which `expression` is `value`, the highest ids first, read by an index over (`expression`, `id`) and by no other, whatever the
 * statistics say: by equality, a planner that takes the value for frequent walks all ids from the newest, past everyone else's rows
 * where those with this value are old.
 *
 * @param expression as the index has it; of the same type as `value`
 */
export function newestWith<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  expression: string,
  value: string,
  { from, before = [] }: IdRange,
): SelectQueryBuilder<T> {
  const key = `(${expression}, ${query.alias}.id)`;
  const until = before.filter((id) => id !== undefined).sort()[0];
  // Never `<`: PostgreSQL takes it to leave out every row of this value, and would rather sort so few.
  const last = until === undefined ? LAST_ID : idBefore(until);
  if (last === null) query.andWhere('false');
  return query
    .andWhere(`${key} >= (:value, :first) AND ${key} <= (:value, :last)`, {
      value,
      first: from ?? FIRST_ID,
      last: last ?? FIRST_ID,
    })
    .orderBy(expression, 'DESC')
    .addOrderBy(`${query.alias}.id`, 'DESC');
}

/** The next smaller UUID, of one in lower case; null for the first of all. */
export function idBefore(id: string): string | null {
  const number = BigInt(`0x${id.replaceAll('-', '')}`);
  if (number === 0n) return null;
  const hex = (number - 1n).toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
