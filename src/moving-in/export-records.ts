import { type CsvForm, csvRecords } from './csv-records.js';
import { decodedText } from './decoded-text.js';
import { jsonRecords } from './json-records.js';
import type { RawRecord } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

/**
 * The records of a file of JSON or CSV, whichever it is: JSON begins with a brace or a bracket.
 *
 * @param lists names of the lists to read, where the file is one JSON object
 * @param form how the system writes CSV, where it does so in its own way
 * @throws UnreadableExport where it is neither, or empty
 */
export async function* exportRecords(
  input: AsyncIterable<Uint8Array>,
  lists: readonly string[] = [],
  form: CsvForm = {},
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
  yield* /^\s*[{[]/.test(head) ? jsonRecords(text(), lists) : csvRecords(text(), form);
}
