import type { ExportReader, ReadRecord, ReadSettings, ReadUser } from './export-reader.js';
import type { RawRecord, RawRow } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

/** Thrown while a record is read: it cannot be taken along. */
export class RecordRefusal extends Error {
  /** @param reason in snake_case, never a value of the record */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** What is read of one record. */
export type UserOfRecord = Pick<ReadUser, 'user' | 'notes'>;

/** How one system's records are read. */
export interface RecordReading {
  /** The member that has the id; null where the record has none. @throws RecordRefusal */
  foreignIdOf(row: RawRow['row']): string | null;
  /** @throws RecordRefusal */
  userOf(row: RawRow['row']): UserOfRecord;
}

/**
 * Reads an export. A row of another table that cannot be read ends it: it may be any user's second factor or ban.
 *
 * @throws UnreadableExport as the reader does, and for such a row
 */
export async function* readExport(
  reader: ExportReader,
  input: AsyncIterable<Uint8Array>,
  settings: ReadSettings,
): AsyncGenerator<ReadRecord> {
  try {
    yield* reader.read(input, settings);
  } catch (error) {
    if (!(error instanceof RecordRefusal)) throw error;
    throw new UnreadableExport(
      `A row that belongs to a user cannot be read: ${error.reason}.`,
      'correct it, then run the same command again',
    );
  }
}

/** Reads record by record: one that is refused stops nothing. */
export async function* readRecords(
  records: AsyncIterable<RawRecord>,
  reading: RecordReading,
): AsyncGenerator<ReadRecord> {
  for await (const record of records) yield readRecord(record, reading);
}

/** Reads one record. */
export function readRecord(record: RawRecord, { foreignIdOf, userOf }: RecordReading): ReadRecord {
  const { at } = record;
  if ('refused' in record) return { at, foreignId: null, refused: record.refused };
  let foreignId: string | null = null;
  try {
    foreignId = foreignIdOf(record.row);
    return { at, foreignId, ...userOf(record.row) };
  } catch (error) {
    if (!(error instanceof RecordRefusal)) throw error;
    return { at, foreignId, refused: error.reason };
  }
}
