import { base32 } from '../base32.js';
import type { MovingNote } from '../export-reader.js';
import { flagIn, instantIn, textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';
import { RecordRefusal, type UserOfRecord } from '../record-reading.js';

type Row = RawRow['row'];

/** What other tables of a Django project say of a user. */
export interface DjangoRelations {
  /** django-otp's. */
  readonly devices: readonly Row[];
  /** allauth's. */
  readonly addresses: readonly Row[];
  /** Whether a social login of allauth's is theirs. */
  readonly hasProviderLogin: boolean;
}

/** Of a password that its owner cannot use, `set_unusable_password`. */
const UNUSABLE = '!';

/** A row of `auth_user`, or of a model of the project's own in its place. @throws RecordRefusal */
export function djangoUserOf(row: Row, relations: DjangoRelations): UserOfRecord {
  const email = textIn(row, 'email');
  if (email === undefined) throw new RecordRefusal('no_email');
  const [name, username] = [nameOf(row), textIn(row, 'username')];
  const [hash, createdAt] = [textIn(row, 'password'), createdOf(row)];
  const { secret, notes } = appOf(relations.devices);
  const user = {
    email,
    emailVerified: isVerified(email, relations.addresses),
    ...(name !== '' && { name }),
    ...(username !== undefined && { username }),
    ...(createdAt !== undefined && { createdAt }),
    ...(hash !== undefined && !hash.startsWith(UNUSABLE) && { passwordHash: hash }),
    ...(flagIn(row, 'is_active') === false && { banned: true, banReason: 'not active in Django' }),
    ...(secret !== null && { factors: { totp: { secret } } }),
    roles: rolesOf(row),
  };
  return { user, notes: [...notes, ...(relations.hasProviderLogin ? ['provider_login_left_out'] : [])] };
}

function nameOf(row: Row): string {
  const both = [textIn(row, 'first_name'), textIn(row, 'last_name')].filter((part) => part !== undefined).join(' ');
  return both === '' ? (textIn(row, 'full_name') ?? textIn(row, 'name') ?? '') : both;
}

function createdOf(row: Row): string | undefined {
  return instantIn(row, 'date_joined') ?? instantIn(row, 'created_at') ?? instantIn(row, 'created');
}

/** Django proves no mailbox; allauth does. */
function isVerified(email: string, addresses: readonly Row[]): boolean {
  const isIt = (address: Row) => textIn(address, 'email')?.toLowerCase() === email.toLowerCase();
  return addresses.some((address) => isIt(address) && flagIn(address, 'verified') === true);
}

function rolesOf(row: Row): string[] {
  // Natural keys; a number says nothing to whom has not the table of groups.
  const groups = Array.isArray(row.groups) ? row.groups.flat().filter((group) => typeof group === 'string') : [];
  const flag = (field: string) => Object.hasOwn(row, field) && flagIn(row, field) === true;
  return [...groups, ...(flag('is_staff') ? ['staff'] : []), ...(flag('is_superuser') ? ['superuser'] : [])];
}

function appOf(devices: readonly Row[]): { secret: string | null; notes: MovingNote[] } {
  const confirmed = devices.filter((device) => flagIn(device, 'confirmed') !== false);
  const [ours] = confirmed.filter(isOurForm);
  if (!ours) return { secret: null, notes: confirmed.length > 0 ? ['second_factor_left_out'] : [] };
  const key = textIn(ours, 'key') ?? '';
  if (!/^([0-9a-f]{2}){10,64}$/i.test(key)) throw new RecordRefusal('totp_key_unreadable');
  // There is one to a user here.
  return { secret: base32(Buffer.from(key, 'hex')), notes: confirmed.length > 1 ? ['second_factor_left_out'] : [] };
}

/** Six digits every thirty seconds, counted from 1970: no other can be taken over. */
function isOurForm(device: Row): boolean {
  const is = (field: string, wanted: string) => (textIn(device, field) ?? wanted) === wanted;
  return textIn(device, 'key') !== undefined && is('step', '30') && is('digits', '6') && is('t0', '0');
}
