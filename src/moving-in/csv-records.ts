import { type CsvError, parse } from 'csv-parse';
import type { RawRecord } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

/**
 * The rows of a text of CSV, RFC 4180, whose first row names the columns. At no time more than a piece of it is in memory.
 *
 * @throws UnreadableExport where it is none, with the line
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<RawRecord> {
  const parser = parse({ columns: true, info: true, skip_empty_lines: true });
  const feeding = feed(text, parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>)
      yield { at: info.lines, row: record, list: null };
  } catch (error) {
    throw (await feeding) ?? brokenOff(error as CsvError);
  } finally {
    parser.destroy();
  }
  const failure = await feeding;
  if (failure) throw failure;
}

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** What the text itself failed with; null: nothing. */
async function feed(text: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<Error | null> {
  try {
    for await (const piece of text) {
      if (parser.destroyed) return null;
      if (!parser.write(piece)) await drained(parser);
    }
    parser.end();
    return null;
  } catch (error) {
    parser.destroy(error as Error);
    return error as Error;
  }
}

function drained(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.on('drain', done).on('close', done);
  });
}

/** What the parser says names values of the file, which may be secrets: only the place is told. */
function brokenOff({ code, lines }: CsvError & { readonly lines?: number }): UnreadableExport {
  const problem =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'The file ends within quotes'
      : code?.startsWith('CSV_RECORD_INCONSISTENT')
        ? 'A row has more or fewer values than the first row has names'
        : 'The file is not CSV';
  return new UnreadableExport(
    `${problem}${lines === undefined ? '' : ` (line ${lines})`}.`,
    'export it again as CSV with a header row, then import it again: what is here already stays as it is',
  );
}
