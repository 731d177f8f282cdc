import { cursorOf, partsIn } from './page-cursor.js';
import { ownPageSize, type PageQuery } from './page-query.js';

/** The values by which a line is found again. */
export interface PageLine {
  readonly id: string;
}

/** A page of a list. */
export interface Page<T> {
  readonly lines: T[];
  /** Null after the last. */
  readonly nextCursor: string | null;
}

/**
 * A page of what one user has, where so few are allowed that all are at hand.
 *
 * @param at by what they are in order; of the same instant, by their ids
 * @throws AuthError `validation_failed` for text that is no cursor of ours
 */
export function pageOf<T extends PageLine>(
  lines: readonly T[],
  { cursor, limit }: PageQuery,
  at: (line: T) => Date,
  first: 'latest' | 'oldest' = 'latest',
): Page<T> {
  const parts = partsIn(cursor, ['instant', 'id']);
  const direction = first === 'latest' ? -1 : 1;
  const compare = (one: readonly [number, string], other: readonly [number, string]) =>
    direction * (one[0] - other[0] || (one[1] < other[1] ? -1 : one[1] === other[1] ? 0 : 1));
  const keyOf = (line: T) => [at(line).getTime(), line.id] as const;
  const following = lines
    .filter((line) => parts === null || compare(keyOf(line), parts as [number, string]) > 0)
    .sort((one, other) => compare(keyOf(one), keyOf(other)));
  const shown = following.slice(0, ownPageSize(limit));
  const last = shown.at(-1);
  return { lines: shown, nextCursor: last && following.length > shown.length ? cursorOf(at(last), last.id) : null };
}
