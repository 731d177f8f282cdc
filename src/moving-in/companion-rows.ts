import type { ReadSettings } from './export-reader.js';
import { exportRecords } from './export-records.js';
import type { RawRow } from './raw-record.js';
import { UnreadableExport } from './unreadable-export.js';

type Row = RawRow['row'];

/**
 * The rows of another file of the export; none where it is not given. All of it is read before the first user is: a row that belongs to them may stand anywhere.
 *
 * @param lists as of `exportRecords`
 * @throws UnreadableExport as `exportRecords`, and for a row that is none: a second factor or a ban may stand in it
 */
export async function* companionRows(
  { companions }: ReadSettings,
  name: string,
  lists: readonly string[] = [],
): AsyncGenerator<Row> {
  const file = companions[name];
  if (file === undefined) return;
  for await (const record of exportRecords(file, lists)) {
    if ('refused' in record)
      throw new UnreadableExport(`Record ${record.at} of the file "${name}" cannot be read.`, 'export it again');
    yield record.row;
  }
}

/** Rows by whose they are. */
export class RowsOfUsers<T> {
  private readonly rows = new Map<string, T[]>();

  add(userId: string, row: T): void {
    const others = this.rows.get(userId);
    if (others) others.push(row);
    else this.rows.set(userId, [row]);
  }

  of(userId: string | null): readonly T[] {
    return (userId === null ? undefined : this.rows.get(userId)) ?? [];
  }
}
