import { companionRows } from '../companion-rows.js';
import type { ExportReader, MovingNote, ReadSettings } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, instantIn, millisecondsIn, objectIn, objectsIn, textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { clerkHash } from './clerk-hash.js';

type Row = RawRow['row'];

/** A user's addresses, each with whether it is verified. */
interface Addresses {
  readonly primary: string | undefined;
  readonly verified: readonly string[];
  readonly count: number;
}

/**
 * The CSV of Clerk's dashboard, which alone has hashes and secrets, and beside it the users as the Backend API lists them (`GET /v1/users`), which alone says who is banned and since
 * when they are users; or one of them. Of bcrypt the first 72 bytes count.
 */
export const clerkReader: ExportReader = {
  system: 'clerk',
  companions: { users: 'the users as the Backend API lists them (JSON): bans, dates and provider logins' },
  async *read(input, settings) {
    const listed = await listedUsers(settings);
    yield* readRecords(exportRecords(input, ['data']), {
      foreignIdOf: (row) => textIn(row, 'id') ?? null,
      userOf: (row) => userOf(row, listed && knownOf(row, listed)),
    });
  },
};

/** Null where the file is not given. */
async function listedUsers(settings: ReadSettings): Promise<ReadonlyMap<string, Row> | null> {
  if (settings.companions.users === undefined) return null;
  const listed = new Map<string, Row>();
  for await (const row of companionRows(settings, 'users', ['data'])) listed.set(textIn(row, 'id') ?? '', row);
  return listed;
}

/** Lists of the API have pages. Whether a user who is missing is banned, is unknown. */
function knownOf(row: Row, listed: ReadonlyMap<string, Row>): Row {
  const known = listed.get(textIn(row, 'id') ?? '');
  if (known === undefined) throw new RecordRefusal('not_among_listed_users');
  return known;
}

/** @param listed as the Backend API has them; null: it was not asked */
function userOf(row: Row, listed: Row | null): UserOfRecord {
  const isListed = Object.hasOwn(row, 'email_addresses');
  const known: Row = isListed ? row : (listed ?? {});
  const { primary: email, verified, count } = isListed ? addressesListed(row) : addressesOfCsv(row);
  if (email === undefined) throw new RecordRefusal('no_email');
  const [name, createdAt, digest] = [nameOf(row), createdOf(known, row), textIn(row, 'password_digest')];
  const [secret, username] = [textIn(row, 'totp_secret'), textIn(row, 'username')];
  const user = {
    email,
    emailVerified: verified.some((address) => address.toLowerCase() === email.toLowerCase()),
    ...(name !== '' && { name }),
    ...(username !== undefined && { username }),
    ...(createdAt !== undefined && { createdAt }),
    ...(digest !== undefined && { passwordHash: clerkHash(digest, textIn(row, 'password_hasher') ?? 'bcrypt') }),
    ...banOf(known),
    ...(secret !== undefined && { factors: { totp: { secret } } }),
  };
  const notes = [
    ...(isListed || listed ? [] : ['ban_not_told']),
    ...(user.banned && flagIn(known, 'banned') !== true ? ['lock_became_ban'] : []),
    ...notesOf(known, { hasSecret: secret !== undefined, hasHash: digest !== undefined }),
    ...(count > 1 ? ['further_addresses_left_out'] : []),
  ];
  return { user, notes };
}

function addressesOfCsv(row: Row): Addresses {
  const [verified, unverified] = [listIn(row, 'verified_email_addresses'), listIn(row, 'unverified_email_addresses')];
  const primary = textIn(row, 'primary_email_address');
  return { primary, verified, count: new Set([...verified, ...unverified]).size };
}

function listIn(row: Row, field: string): string[] {
  return (textIn(row, field) ?? '').split(/[,|;\s]+/).filter((address) => address !== '');
}

function addressesListed(row: Row): Addresses {
  const addresses = objectsIn(row, 'email_addresses');
  const primaryId = textIn(row, 'primary_email_address_id');
  const primary = addresses.find((address) => primaryId !== undefined && textIn(address, 'id') === primaryId);
  const isVerified = (address: Row) => textIn(objectIn(address, 'verification') ?? {}, 'status') === 'verified';
  return {
    primary: primary && textIn(primary, 'email_address'),
    verified: addresses.filter(isVerified).flatMap((address) => textIn(address, 'email_address') ?? []),
    count: addresses.length,
  };
}

function nameOf(row: Row): string {
  return [textIn(row, 'first_name'), textIn(row, 'last_name')].filter((part) => part !== undefined).join(' ');
}

/** Milliseconds in the API; newer CSVs have a date. */
function createdOf(known: Row, row: Row): string | undefined {
  return millisecondsIn(known, 'created_at') ?? (known === row ? undefined : instantIn(row, 'created_at'));
}

/** Who is locked out for good is banned here: whatever has locked them, they cannot log in there. A lockout that ends by itself is left behind. */
function banOf(known: Row) {
  if (flagIn(known, 'banned') === true) return { banned: true, banReason: 'banned in Clerk' };
  const isLocked = flagIn(known, 'locked') === true && textIn(known, 'lockout_expires_in_seconds') === undefined;
  return isLocked ? { banned: true, banReason: 'locked in Clerk' } : {};
}

function notesOf(known: Row, { hasSecret, hasHash }: { hasSecret: boolean; hasHash: boolean }): MovingNote[] {
  const has = (field: string) => Object.hasOwn(known, field) && flagIn(known, field) === true;
  const any = (field: string) => objectsIn(known, field).length > 0;
  return [
    ...(has('two_factor_enabled') && !hasSecret ? ['second_factor_left_out'] : []),
    ...(has('backup_code_enabled') ? ['recovery_codes_left_out'] : []),
    ...(has('password_enabled') && !hasHash ? ['password_left_out'] : []),
    ...(any('external_accounts') || any('saml_accounts') ? ['provider_login_left_out'] : []),
    ...(any('passkeys') ? ['passkey_left_out'] : []),
    ...(any('phone_numbers') ? ['phone_left_out'] : []),
  ];
}
