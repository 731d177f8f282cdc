import { exportRecords } from '../export-records.js';
import { objectIn, textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';
import { UnreadableExport } from '../unreadable-export.js';

type Secrets = ReadonlyMap<string, string>;

/** By the id of the user, `auth0|…`. Some 200 bytes a user, in memory. */
export interface Auth0Secrets {
  readonly hashes: Secrets;
  readonly totp: Secrets;
}

/** The hashes that support delivers. `alt_id` is the id of a user whom a custom database, or the application, has named. @throws UnreadableExport */
export function auth0Hashes(file: AsyncIterable<Uint8Array> | undefined): Promise<Secrets> {
  return secretsOf(file, 'hashes', (row) => {
    const own = objectIn(row, '_id') ?? objectIn(row, '_ID') ?? {};
    return [textIn(row, 'alt_id') ?? textIn(own, '$oid'), textIn(row, 'passwordHash')];
  });
}

/** The secrets of authenticator apps that support delivers. @throws UnreadableExport */
export function auth0TotpSecrets(file: AsyncIterable<Uint8Array> | undefined): Promise<Secrets> {
  return secretsOf(file, 'totp', (row) => [textIn(row, 'user_id'), textIn(row, 'otp_secret')]);
}

/** A file that cannot be read as a whole ends the import: users must not lose a second factor by mistake. */
async function secretsOf(
  file: AsyncIterable<Uint8Array> | undefined,
  name: string,
  read: (row: RawRow['row']) => readonly [string | undefined, string | undefined],
): Promise<Secrets> {
  const secrets = new Map<string, string>();
  if (!file) return secrets;
  for await (const record of exportRecords(file)) {
    const [id, secret] = 'row' in record ? read(record.row) : [];
    if (id === undefined || secret === undefined)
      throw new UnreadableExport(`The file of ${name} has something else at ${record.at}.`, 'ask support for it again');
    secrets.set(id.includes('|') ? id : `auth0|${id}`, secret);
  }
  return secrets;
}
