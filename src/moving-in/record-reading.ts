import type { ReadRecord, ReadUser } from './export-reader.js';
import type { RawRecord, RawRow } from './raw-record.js';

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
  /** The member that has the id; null where the record has none. */
  foreignIdOf(row: RawRow['row']): string | null;
  /** @throws RecordRefusal */
  userOf(row: RawRow['row']): UserOfRecord;
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
  const foreignId = foreignIdOf(record.row);
  try {
    return { at, foreignId, ...userOf(record.row) };
  } catch (error) {
    if (!(error instanceof RecordRefusal)) throw error;
    return { at, foreignId, refused: error.reason };
  }
}
