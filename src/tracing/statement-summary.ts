import { LRUCache } from 'lru-cache';
import { DEFAULT_SCHEMA } from '../database/table-schema.js';

/** As OpenTelemetry bounds it. */
const LONGEST = 255;
/** Statements are few, and those that are put together anew each time must not fill the memory. */
const REMEMBERED = 1_000;
/** Texts and comments: what they say is no table. */
const PASSED_OVER = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const COMMANDS: Readonly<Record<string, string>> = {
  START: 'BEGIN',
  BEGIN: 'BEGIN',
  COMMIT: 'COMMIT',
  ROLLBACK: 'ROLLBACK',
  SAVEPOINT: 'SAVEPOINT',
  RELEASE: 'RELEASE',
  SELECT: 'SELECT',
  WITH: 'SELECT',
  INSERT: 'INSERT',
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  SET: 'SET',
};

/** What a statement does to which tables, in its order, e.g. `UPDATE sessions INSERT audit_events`. Never a value, nor a name that is no table of ours. */
export class StatementSummaries {
  private readonly known = new LRUCache<string, { readonly summary: string; readonly isOurs: boolean }>({
    max: REMEMBERED,
  });
  private readonly parts: RegExp;

  /** @param schema that the tables are in */
  constructor(schema: string) {
    const name = (text: string) => `"?${text.replace(/[^\w]/g, '\\$&')}"?`;
    const schemas = [...new Set([DEFAULT_SCHEMA, schema])].map(name).join('|');
    this.parts = new RegExp(
      `\\b(INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|FROM|JOIN|USING)\\s+(?:ONLY\\s+)?(?:${schemas})\\."?([a-z_][a-z0-9_]{0,62})"?`,
      'gi',
    );
  }

  /** @returns whether it touches a table of ours, too: in a host's DataSource all others are the host's business */
  of(statement: string): { readonly summary: string; readonly isOurs: boolean } {
    const known = this.known.get(statement);
    if (known) return known;
    const made = this.summarize(statement.replace(PASSED_OVER, ' '));
    this.known.set(statement, made);
    return made;
  }

  private summarize(statement: string): { summary: string; isOurs: boolean } {
    const words: string[] = [];
    let last = '';
    for (const [, keyword = '', table = ''] of statement.matchAll(this.parts)) {
      const command = /^(insert|update|delete)/i.exec(keyword)?.[1]?.toUpperCase() ?? 'SELECT';
      if (command !== last) words.push(command);
      if (command !== last || words.at(-1) !== table) words.push(table);
      last = command;
    }
    if (words.length > 0) return { summary: shortened(words), isOurs: true };
    const first = /^[\s(]*([a-z]+)/i.exec(statement)?.[1]?.toUpperCase() ?? '';
    return { summary: COMMANDS[first] ?? 'OTHER', isOurs: false };
  }
}

/** Whole words only. */
function shortened(words: readonly string[]): string {
  let summary = '';
  for (const word of words) {
    if (summary.length + word.length >= LONGEST) break;
    summary += summary === '' ? word : ` ${word}`;
  }
  return summary;
}
