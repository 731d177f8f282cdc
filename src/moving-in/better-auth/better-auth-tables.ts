import { companionRows, RowsOfUsers } from '../companion-rows.js';
import type { ReadSettings } from '../export-reader.js';
import { textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';

type Row = RawRow['row'];

/** The tables beside `user`, by whose rows they are. */
export interface BetterAuthTables {
  readonly account: RowsOfUsers<Row>;
  readonly twoFactor: RowsOfUsers<Row>;
  readonly passkey: RowsOfUsers<Row>;
}

const COLUMNS = [
  'userId',
  'accountId',
  'providerId',
  'emailVerified',
  'createdAt',
  'banReason',
  'banExpires',
  'twoFactorEnabled',
  'isAnonymous',
  'backupCodes',
  'publicKey',
  'credentialID',
  'phoneNumber',
  'displayUsername',
];
const BY_LETTERS = new Map(COLUMNS.map((column) => [column.toLowerCase(), column]));

/** By better-auth's own names, whatever the database calls its columns: `email_verified`, `emailverified`. */
export function byOwnNames(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [BY_LETTERS.get(name.replaceAll('_', '').toLowerCase()) ?? name, value]),
  );
}

/** Which table a list of the one JSON file is; null: one that counts for nothing. */
export function tableOf(list: string | null): 'user' | keyof BetterAuthTables | null {
  const name = (list ?? '').replaceAll('_', '').toLowerCase().replace(/s$/, '');
  if (name === 'twofactor') return 'twoFactor';
  return name === 'user' || name === 'account' || name === 'passkey' ? name : null;
}

/** Names of lists that `exportRecords` is to read. */
export const TABLE_NAMES = ['user', 'users', 'account', 'accounts', 'twoFactor', 'two_factor', 'passkey', 'passkeys'];

/** The tables that are given as files of their own. */
export async function tablesOf(settings: ReadSettings): Promise<BetterAuthTables> {
  const tables = {
    account: new RowsOfUsers<Row>(),
    twoFactor: new RowsOfUsers<Row>(),
    passkey: new RowsOfUsers<Row>(),
  };
  const companions = { account: 'account', twoFactor: 'two-factor', passkey: 'passkey' } as const;
  for (const table of ['account', 'twoFactor', 'passkey'] as const) {
    for await (const row of companionRows(settings, companions[table], TABLE_NAMES)) addTo(tables[table], row);
  }
  return tables;
}

/** One row of a table that belongs to a user. */
export function addTo(table: RowsOfUsers<Row>, given: Row): void {
  const row = byOwnNames(given);
  table.add(textIn(row, 'userId') ?? '', row);
}
