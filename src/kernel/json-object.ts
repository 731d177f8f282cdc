/** An object of JSON: texts, numbers, booleans, null, lists and objects of them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** None of it, shared. */
export const EMPTY_OBJECT: JsonObject = Object.freeze({});

/** PostgreSQL stores neither NUL nor half a character; in JSON both are written as escapes. */
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

/**
 * The object as it comes back out of JSON, unchangeable down to its leaves.
 *
 * @param most bytes of its JSON
 * @throws TypeError for what is no plain object, is longer, or holds what no store could keep
 */
export function frozenJson(given: unknown, most: number): JsonObject {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new TypeError('is not an object');
  const json = JSON.stringify(given);
  if (json === undefined || json[0] !== '{') throw new TypeError('is not an object of JSON');
  if (Buffer.byteLength(json) > most) throw new TypeError(`is longer than ${most} bytes`);
  if (UNSTORABLE.test(json)) throw new TypeError('contains a NUL or half a character');
  return deepFrozen(JSON.parse(json)) as JsonObject;
}

/** In its place: it is shared by requests, and a handler that changed it would change it for all. */
export function deepFrozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const one of Object.values(value)) deepFrozen(one);
  return Object.freeze(value);
}
