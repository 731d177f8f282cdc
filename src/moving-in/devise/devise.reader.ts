import type { ExportReader, MovingNote, ReadSettings } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, instantIn, textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';

type Row = RawRow['row'];

/** As `otpauth` writes secrets, and devise-two-factor where nothing encrypts them. */
const BASE32 = /^[A-Z2-7]{16,}=*$/i;

/**
 * The table of users of a Rails application with Devise, as JSON (`User.all.to_json`) or CSV (`\copy users TO … CSV HEADER`). Devise hashes by bcrypt,
 * of which the first 72 bytes count, with `config.pepper` behind the password, and normalizes nothing.
 */
export const deviseReader: ExportReader = {
  system: 'devise',
  parameters: {
    peppered: 'true where Devise has a config.pepper; give it to Coatcheck as IMPORTED_BCRYPT_PEPPER',
    unlockIn: 'seconds of config.unlock_in, where locked accounts open by themselves',
  },
  read: (input, settings) =>
    readRecords(exportRecords(input, ['users']), {
      foreignIdOf: (row) => textIn(row, 'id') ?? null,
      userOf: (row) => userOf(row, settings),
    }),
};

function userOf(row: Row, settings: ReadSettings): UserOfRecord {
  const email = textIn(row, 'email');
  if (email === undefined) throw new RecordRefusal('no_email');
  if (textIn(row, 'deleted_at') ?? textIn(row, 'discarded_at')) throw new RecordRefusal('deleted');
  const secret = secretOf(row);
  const username = textIn(row, 'username') ?? textIn(row, 'login');
  const user = {
    email,
    emailVerified: instantIn(row, 'confirmed_at') !== undefined,
    ...nameOf(row),
    ...(username !== undefined && { username }),
    ...hashOf(row, settings),
    ...createdOf(row),
    ...banOf(row, settings),
    ...(secret !== undefined && BASE32.test(secret) && { factors: { totp: { secret } } }),
    roles: rolesOf(row),
  };
  return { user, notes: notesOf(row, secret, user) };
}

function nameOf(row: Row): { name?: string } {
  const both = [textIn(row, 'first_name'), textIn(row, 'last_name')].filter((part) => part !== undefined).join(' ');
  const name = textIn(row, 'name') ?? textIn(row, 'full_name') ?? both;
  return name === '' ? {} : { name };
}

function hashOf(row: Row, { parameters }: ReadSettings): { passwordHash?: string } {
  const hash = textIn(row, 'encrypted_password');
  if (hash === undefined) return {};
  return { passwordHash: flagIn(parameters, 'peppered') === true ? `{pepper}${hash}` : hash };
}

function createdOf(row: Row): { createdAt?: string } {
  const createdAt = instantIn(row, 'created_at');
  return createdAt === undefined ? {} : { createdAt };
}

/** A locked user cannot log in there, and so cannot log in here until the lock ends. */
function banOf(row: Row, { parameters }: ReadSettings) {
  const lockedAt = instantIn(row, 'locked_at');
  if (lockedAt === undefined) return {};
  const seconds = textIn(parameters, 'unlockIn');
  if (seconds === undefined) return { banned: true, banReason: 'locked in Devise' };
  if (!/^\d{1,9}$/.test(seconds)) throw new RecordRefusal('unlock_in_unreadable');
  const end = new Date(Date.parse(lockedAt) + Number(seconds) * 1000);
  return { banned: true, bannedUntil: end.toISOString(), banReason: 'locked in Devise' };
}

/** What it asks for at a login; undefined: nothing. */
function secretOf(row: Row): string | undefined {
  if (flagIn(row, 'otp_required_for_login') !== true) return undefined;
  return textIn(row, 'otp_secret') ?? textIn(row, 'encrypted_otp_secret') ?? '';
}

function rolesOf(row: Row): string[] {
  const role = textIn(row, 'role');
  const roles = role === undefined || /^\d+$/.test(role) ? [] : [role];
  return Object.hasOwn(row, 'admin') && flagIn(row, 'admin') === true ? [...roles, 'admin'] : roles;
}

function notesOf(row: Row, secret: string | undefined, user: UserOfRecord['user']): MovingNote[] {
  return [
    ...(secret !== undefined && user.factors === undefined ? ['second_factor_left_out'] : []),
    ...(textIn(row, 'otp_backup_codes') === undefined ? [] : ['recovery_codes_left_out']),
    ...(textIn(row, 'unconfirmed_email') === undefined ? [] : ['address_change_left_out']),
    ...(textIn(row, 'uid') === undefined ? [] : ['provider_login_left_out']),
    ...(user.banned ? ['lock_became_ban'] : []),
  ];
}
