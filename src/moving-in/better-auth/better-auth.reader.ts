import type { ExportReader, ReadRecord, ReadSettings } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { textIn } from '../field-values.js';
import type { RawRecord, RawRow } from '../raw-record.js';
import { readRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { addTo, type BetterAuthTables, byOwnNames, TABLE_NAMES, tableOf, tablesOf } from './better-auth-tables.js';
import { betterAuthUserOf } from './better-auth-users.js';

/**
 * The tables of better-auth: `user` as CSV or JSON with the others beside it, or all in one JSON object (`{ "user": [ … ], "account": [ … ] }`). It hashes by scrypt, of the
 * password in NFKC.
 */
export const betterAuthReader: ExportReader = {
  system: 'better-auth',
  companions: {
    account: 'the table account, as CSV or JSON: password hashes',
    'two-factor': 'the table twoFactor, as CSV or JSON: authenticator apps',
    passkey: 'the table passkey, as CSV or JSON',
  },
  parameters: {
    secret: 'BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS, which the secrets of authenticator apps are encrypted with',
    rpId: 'the domain that the passkeys were made for: the rpID of the passkey plugin',
  },
  defaultRoles: ['user'],
  async *read(input, settings) {
    const tables = await tablesOf(settings);
    const given = new Set(Object.keys(settings.companions));
    const waiting: RawRecord[] = [];
    for await (const record of exportRecords(input, TABLE_NAMES)) {
      // A file that is one table: users can be read as they come.
      if ('refused' in record || record.list === null)
        yield withTables(readRecord(record, reading(tables, settings)), given, settings);
      else if (tableOf(record.list) === 'user') waiting.push(record);
      else given.add(note(record, tables));
    }
    for (const record of waiting) yield withTables(readRecord(record, reading(tables, settings)), given, settings);
  },
};

/**
 * Users who are here are never changed: imported without their passwords or second factors, they would stay so.
 *
 * @param given the tables that have been given, by the names of the options
 * @throws UnreadableExport where the table that a user needs is not given
 */
function withTables(read: ReadRecord, given: ReadonlySet<string>, { parameters }: ReadSettings): ReadRecord {
  if ('refused' in read) return read;
  if (!given.has('account'))
    throw new UnreadableExport('The passwords are missing: they are in the table account.', remedyOf('account'));
  if (!given.has('two-factor') && read.notes?.includes('second_factor_left_out'))
    throw new UnreadableExport(
      'Users have a second factor, and its secrets are missing: they are in the table twoFactor.',
      remedyOf('two-factor'),
    );
  // The users do not tell who has one: who names the domain of the passkeys has some.
  if (!given.has('passkey') && parameters.rpId !== undefined)
    throw new UnreadableExport(
      'The domain of the passkeys is given, and the passkeys are missing: they are in the table passkey.',
      remedyOf('passkey'),
    );
  return read;
}

function remedyOf(companion: string): string {
  return `give it, too: --with ${companion}=FILE; or, to leave it behind, a file that has the names of its columns alone`;
}

/** Adds the row of another table. @returns the name of its option */
function note({ list, row }: RawRow, tables: BetterAuthTables): string {
  const table = tableOf(list);
  if (table === null || table === 'user') return '';
  addTo(tables[table], row);
  return table === 'twoFactor' ? 'two-factor' : table;
}

function reading({ account, twoFactor, passkey }: BetterAuthTables, settings: ReadSettings) {
  const foreignIdOf = (row: RawRow['row']) => textIn(row, 'id') ?? null;
  return {
    foreignIdOf,
    userOf: (row: RawRow['row']) => {
      const id = foreignIdOf(row);
      const rows = { accounts: account.of(id), twoFactors: twoFactor.of(id), passkeys: passkey.of(id) };
      return betterAuthUserOf(byOwnNames(row), rows, settings);
    },
  };
}
