import { csvRecords } from './csv-records.js';
import { decodedText } from './decoded-text.js';
import { jsonRecords } from './json-records.js';
import type { RawRecord } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

/**
 * The records of a file of JSON or CSV, whichever it is: JSON begins with a brace or a bracket.
 *
 * @param lists names of the lists to read, where the file is one JSON object
 * @param noCsv why CSV of this system is not read; null: it is
 * @throws UnreadableExport where it is neither, or empty, and `noCsv`
 */
export async function* exportRecords(
  input: AsyncIterable<Uint8Array>,
  lists: readonly string[] = [],
  noCsv: UnreadableExport | null = null,
): AsyncGenerator<RawRecord> {
  const pieces = decodedText(input)[Symbol.asyncIterator]();
  let head = '';
  for (let next = await pieces.next(); ; next = await pieces.next()) {
    if (next.done) break;
    head += next.value;
    if (head.trim() !== '') break;
  }
  if (head.trim() === '') throw new UnreadableExport('The file is empty.', 'export it again');
  async function* text() {
    yield head;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  const isJson = /^\s*[{[]/.test(head);
  if (!isJson && noCsv) throw noCsv;
  yield* isJson ? jsonRecords(text(), lists) : csvRecords(text());
}
