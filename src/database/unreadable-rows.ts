import { isUnreadable } from '../kernel/instant.js';

/**
 * A look-up of many rows in one statement, of which one that cannot be read fails its own asker only: the others are asked for again,
 * half of them at a time. Anything else that fails, fails all.
 *
 * @param find answers one result for each of what it is given, in its order
 */
export function eachRowAlone<Key, Row>(
  find: (keys: readonly Key[]) => Promise<readonly Row[]>,
): (keys: readonly Key[]) => Promise<(Row | Promise<Row>)[]> {
  const findApart = async (keys: readonly Key[]): Promise<(Row | Promise<Row>)[]> => {
    try {
      return [...(await find(keys))];
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      if (keys.length === 1) return [rejected(error)];
      const middle = Math.ceil(keys.length / 2);
      return [...(await findApart(keys.slice(0, middle))), ...(await findApart(keys.slice(middle)))];
    }
  };
  return findApart;
}

/** Awaited only after the others have been found. */
function rejected<Row>(error: unknown): Promise<Row> {
  const row = Promise.reject<Row>(error);
  row.catch(() => undefined);
  return row;
}
