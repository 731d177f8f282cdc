import { MAX, NIL, v5, validate } from 'uuid';

/** Begins the name of every namespace; never changes, since ids hang on it. */
const PREFIX = 'urn:coatcheck:import:';

/**
 * The id that a user of another system has here: its own where that is a UUID, otherwise a UUID of version 5 (RFC 9562 §5.5), which is
 * the same whenever and wherever it is computed: `v5(id, v5('urn:coatcheck:import:<system>', URL))`.
 *
 * @param namespace keeps two installations of one system apart whose users are counted 1, 2, 3: joined to the name of the system; null: none
 */
export function userIdOf(foreignId: string, system: string, namespace: string | null): string {
  const isOwn = validate(foreignId) && foreignId !== NIL && foreignId.toLowerCase() !== MAX;
  if (isOwn) return foreignId.toLowerCase();
  return v5(foreignId, v5(`${PREFIX}${system}${namespace === null ? '' : `:${namespace}`}`, v5.URL));
}
