import { JSONParser } from '@streamparser/json';
import type { RawRecord } from './raw-record.js';
import { linesOf } from './text-lines.js';
import { UnreadableExport } from './unreadable-export.js';

/** Where the first line has not ended by then, the file is one JSON text in a single line. */
const LONGEST_FIRST_LINE = 1_048_576;

/**
 * The objects of a text of JSON: one a line, or in one array, or in arrays that are members of one object (`{ "users": [ … ] }`). At no time
 * more than a piece of it is in memory.
 *
 * @param lists the members that are read, where the text is one object
 * @throws UnreadableExport where it is no JSON, or ends too early, with the place; a single line that is none is a refused record
 */
export async function* jsonRecords(text: AsyncIterable<string>, lists: readonly string[]): AsyncGenerator<RawRecord> {
  const { head, whole } = await withHead(text);
  const first = head.trimStart();
  if (first.startsWith('[')) yield* listed(whole, ['$.*'], false);
  else if (isOneObjectALine(first, lists)) yield* onePerLine(whole);
  else yield* listed(whole, pathsOf(lists), true);
}

/** The lists too, so that a file without any is told from one whose lists are empty. */
function pathsOf(lists: readonly string[]): string[] {
  return lists.flatMap((list) => [`$.${list}`, `$.${list}.*`]);
}

/** The text until its first line has ended, and all of it. */
async function withHead(text: AsyncIterable<string>) {
  const pieces = text[Symbol.asyncIterator]();
  let head = '';
  while (head.length < LONGEST_FIRST_LINE && !/\S[^\n]*\n/.test(head)) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  async function* whole() {
    yield head;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { head, whole: whole() };
}

function isOneObjectALine(head: string, lists: readonly string[]): boolean {
  try {
    const value: unknown = JSON.parse(head.split('\n', 1)[0]!);
    if (typeof value !== 'object' || value === null) return false;
    return !lists.some((list) => Array.isArray((value as Record<string, unknown>)[list]));
  } catch {
    return false;
  }
}

async function* onePerLine(text: AsyncIterable<string>): AsyncGenerator<RawRecord> {
  for await (const { number: at, text: line } of linesOf(text)) {
    if (line.trim() !== '') yield recordOf(at, parsed(line), null);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function* listed(text: AsyncIterable<string>, paths: string[], isObject: boolean): AsyncGenerator<RawRecord> {
  const parser = new JSONParser({ paths, keepStack: false });
  const counts = new Map<string | null, number>();
  let found: RawRecord[] = [];
  let failure: Error | null = null;
  let isList = !isObject;
  parser.onValue = ({ value, stack }) => {
    if (isObject && stack.length < 2) {
      isList ||= Array.isArray(value);
      return;
    }
    const list = isObject ? String(stack[1]!.key) : null;
    const at = (counts.get(list) ?? 0) + 1;
    counts.set(list, at);
    found.push(recordOf(at, value, list));
  };
  parser.onError = (error) => {
    failure ??= error;
  };
  for await (const piece of text) {
    parser.write(piece);
    yield* found;
    found = [];
    if (failure) throw brokenOff(failure, counts);
  }
  if (!parser.isEnded) throw brokenOff(null, counts);
  if (!isList)
    throw new UnreadableExport('The file has no list of users.', 'name the system that the file is of: --from');
}

function recordOf(at: number, value: unknown, list: string | null): RawRecord {
  if (value === undefined) return { at, refused: 'not_json' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { at, refused: 'not_an_object' };
  return { at, row: value as Readonly<Record<string, unknown>>, list };
}

/** What the parser says names a character of the file, which may be one of a secret: only the place is told. */
function brokenOff(error: Error | null, counts: ReadonlyMap<string | null, number>): UnreadableExport {
  const place = [...counts].map(([list, count]) => `record ${count}${list === null ? '' : ` of "${list}"`}`).join(', ');
  const after = place === '' ? 'before the first record' : `after ${place}`;
  const [, position] = /absolute position "(\d+)"/.exec(error?.message ?? '') ?? [];
  const problem = error
    ? `The file is not JSON${position === undefined ? '' : ` at character ${position}`}, ${after}.`
    : `The file ends too early, ${after}.`;
  return new UnreadableExport(problem, 'export it again, and import it again: what is here already stays as it is');
}
