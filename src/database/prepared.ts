const names = new Map<string, string>();

/**
 * Marks a statement that many requests send: each connection of ours has it prepared once, and its server neither reads nor plans it again, which
 * takes longer than to carry it out. Only for texts of which there are few, and whose plan does not depend on the values.
 *
 * @returns the statement
 */
export function prepared(statement: string): string {
  if (!names.has(statement)) names.set(statement, `coatcheck_${names.size + 1}`);
  return statement;
}

/** Whether a statement was marked. */
export function isPrepared(statement: string): boolean {
  return names.has(statement);
}

/** The name of a prepared statement that was marked; undefined for any other. */
export function preparedName(statement: string): string | undefined {
  return names.get(statement);
}
