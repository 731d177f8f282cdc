import { validate } from 'uuid';
import type { ExportReader, MovingNote } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, hasValue, instantIn, nameIn, objectsIn, secondsIn, textIn } from '../field-values.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';

type Row = Readonly<Record<string, unknown>>;

/** The states in which a user may use their account, once they have chosen a password. */
const USABLE = ['CONFIRMED', 'UNCONFIRMED', 'EXTERNAL_PROVIDER', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'];
const CLOSED = ['ARCHIVED', 'COMPROMISED'];

/** `aws cognito-idp list-users`, or CSV with the same names. Cognito gives no hashes away. */
export const cognitoReader: ExportReader = {
  system: 'cognito',
  read: (input) => readRecords(exportRecords(input, ['Users']), { foreignIdOf, userOf }),
};

function foreignIdOf(row: Row): string | null {
  const id = attributesOf(row).sub ?? row['cognito:username'] ?? row.Username;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Both forms as one: names of the pool's attributes, and the members of the user beside them. */
function attributesOf(row: Row): Row {
  const list = 'Attributes' in row ? 'Attributes' : 'UserAttributes';
  if (!Array.isArray(row[list])) return row;
  const pairs = objectsIn(row, list).map((one) => [textIn(one, 'Name') ?? '', one.Value]);
  return { ...Object.fromEntries(pairs), ...row };
}

function userOf(row: Row): UserOfRecord {
  objectsIn(row, 'Attributes');
  if (!['Username', 'cognito:username', 'sub'].some((name) => name in row))
    throw new UnreadableExport('The file has no users of Cognito.', 'export it by: aws cognito-idp list-users');
  const user = attributesOf(row);
  const email = textIn(user, 'email') ?? '';
  if (email === '' && hasValue(user, 'phone_number')) throw new RecordRefusal('phone_only');
  const username = usernameOf(user);
  const createdAt = createdAtOf(user);
  return {
    user: {
      email,
      emailVerified: flagIn(user, 'email_verified') ?? false,
      name: nameIn(user, 'name', 'given_name', 'family_name') ?? null,
      ...(username !== undefined && { username }),
      ...(createdAt !== undefined && { createdAt }),
      ...banOf(user),
    },
    notes: notesOf(user),
  };
}

/** Where users log in by their address, Cognito itself has named them, by a UUID. */
function usernameOf(user: Row): string | undefined {
  const username = textIn(user, 'Username') ?? textIn(user, 'cognito:username');
  return textIn(user, 'preferred_username') ?? (validate(username) ? undefined : username);
}

/** Version 1 of the AWS CLI writes seconds, version 2 RFC 3339. */
function createdAtOf(user: Row): string | undefined {
  const { UserCreateDate: given } = user;
  const isNumber = typeof given === 'number' || (typeof given === 'string' && /^[\d.]+$/.test(given));
  return isNumber ? secondsIn(user, 'UserCreateDate') : instantIn(user, 'UserCreateDate');
}

function banOf(user: Row): { banned: boolean; banReason?: string } {
  const status = textIn(user, 'UserStatus');
  if (status !== undefined && CLOSED.includes(status)) return { banned: true, banReason: status };
  // A state that is not known here may be one in which the user must not log in.
  if (status !== undefined && !USABLE.includes(status)) throw new RecordRefusal('user_status_unknown');
  return { banned: flagIn(user, 'Enabled') === false };
}

function notesOf(user: Row): MovingNote[] {
  const isSecondFactorOn =
    flagIn(user, 'cognito:mfa_enabled') === true ||
    ['MFAOptions', 'UserMFASettingList', 'PreferredMfaSetting'].some((name) => hasValue(user, name));
  const isLinked = textIn(user, 'UserStatus') === 'EXTERNAL_PROVIDER' || hasValue(user, 'identities');
  const hasMore = Object.keys(user).some((name) => /^(custom|dev):/.test(name) && hasValue(user, name));
  return [
    ...(hasValue(user, 'Enabled') ? [] : ['ban_not_told']),
    ...(isSecondFactorOn ? ['second_factor_left_out'] : []),
    ...(isLinked ? ['provider_login_left_out'] : []),
    ...(hasMore ? ['metadata_left_out'] : []),
  ];
}
