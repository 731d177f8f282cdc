import { companionRows } from '../companion-rows.js';
import type { ExportReader, MovingNote, ReadSettings } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, instantIn, textIn } from '../field-values.js';
import type { RawRecord, RawRow } from '../raw-record.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { flagsOfPhpArray, textsOfPhpArray } from './php-array.js';

type Row = RawRow['row'];

/** What `wp_usermeta` says of a user. */
interface UserMeta {
  readonly roles: string[];
  /** Of the plugin "Two Factor", in base32. */
  secret?: string;
  /** Of the same plugin. */
  providers?: readonly string[];
}

/** MySQL's word for no date. */
const NEVER = '0000-00-00 00:00:00';
/** PHP's password_hash alone: of plugins, and of a site that has chosen another algorithm. */
const VANILLA = /^\$(2[aby]|argon2id?)\$/;

/**
 * `wp_users` as CSV or JSON (also phpMyAdmin's, and `wp user list --format=json` with `user_pass` among the fields), and `wp_usermeta` beside it. WordPress proves
 * no mailbox. It trims passwords, adds slashes to those that a form has sent, and normalizes nothing: see `wordpress.hash.ts`.
 */
export const wordpressReader: ExportReader = {
  system: 'wordpress',
  companions: { usermeta: 'the table wp_usermeta, as CSV or JSON: roles, and the secrets of the plugin "Two Factor"' },
  defaultRoles: ['subscriber'],
  async *read(input, settings) {
    const meta = await metaOf(settings);
    yield* readRecords(rowsOf(exportRecords(input)), {
      foreignIdOf,
      userOf: (row) => userOf(row, meta.get(foreignIdOf(row) ?? '')),
    });
  },
};

function foreignIdOf(row: Row): string | null {
  return textIn(row, 'ID') ?? null;
}

/** phpMyAdmin writes the rows of a table as one record. */
async function* rowsOf(records: AsyncIterable<RawRecord>): AsyncGenerator<RawRecord> {
  for await (const record of records) {
    if ('refused' in record || typeof record.row.type !== 'string') yield record;
    else if (record.row.type === 'table' && Array.isArray(record.row.data)) {
      for (const [index, row] of record.row.data.entries()) yield { at: index + 1, row: Object(row), list: null };
    }
  }
}

async function metaOf(settings: ReadSettings): Promise<ReadonlyMap<string, UserMeta>> {
  const found = new Map<string, UserMeta>();
  async function* records(): AsyncGenerator<RawRecord> {
    for await (const row of companionRows(settings, 'usermeta')) yield { at: 0, row, list: null };
  }
  for await (const record of rowsOf(records())) {
    const { row } = record as RawRow;
    const [id, key, value] = [textIn(row, 'user_id'), textIn(row, 'meta_key'), textIn(row, 'meta_value')];
    if (id === undefined || key === undefined || value === undefined) continue;
    const of = found.get(id) ?? { roles: [] };
    if (/(^|_)capabilities$/.test(key)) of.roles.push(...(flagsOfPhpArray(value) ?? []));
    else if (key === '_two_factor_totp_key') of.secret = value;
    else if (key === '_two_factor_enabled_providers') of.providers = textsOfPhpArray(value) ?? [];
    else continue;
    found.set(id, of);
  }
  return found;
}

function userOf(row: Row, meta: UserMeta | undefined): UserOfRecord {
  const email = textIn(row, 'user_email');
  if (email === undefined) throw new RecordRefusal('no_email');
  const [name, createdAt, hash] = [textIn(row, 'display_name'), createdOf(row), textIn(row, 'user_pass')];
  const username = textIn(row, 'user_login');
  const secret = meta?.providers?.includes('Two_Factor_Totp') ? meta.secret : undefined;
  const user = {
    email,
    ...(name !== undefined && { name }),
    ...(username !== undefined && { username }),
    ...(createdAt !== undefined && { createdAt }),
    ...(hash !== undefined && { passwordHash: VANILLA.test(hash) ? `{wordpress}${hash}` : hash }),
    ...banOf(row),
    ...(secret !== undefined && { factors: { totp: { secret } } }),
    roles: rolesOf(row, meta),
  };
  return { user, notes: notesOf(meta, secret) };
}

function createdOf(row: Row): string | undefined {
  return textIn(row, 'user_registered') === NEVER ? undefined : instantIn(row, 'user_registered');
}

/** `user_status` is of BuddyPress, `spam` and `deleted` of a network; who has one of them cannot log in there. */
function banOf(row: Row) {
  const status = textIn(row, 'user_status') ?? '0';
  const reasons = [
    ...(flagIn(row, 'spam') === true || status === '1' ? ['marked as spam in WordPress'] : []),
    ...(flagIn(row, 'deleted') === true ? ['deleted in WordPress'] : []),
    ...(/^[01]$/.test(status) ? [] : ['not active in WordPress']),
  ];
  return reasons.length === 0 ? {} : { banned: true, banReason: reasons.join(', ') };
}

/** `wp user list` tells them itself. */
function rolesOf(row: Row, meta: UserMeta | undefined): string[] {
  const listed = (textIn(row, 'roles') ?? '').split(',').map((role) => role.trim());
  return [...new Set([...listed, ...(meta?.roles ?? [])])].filter((role) => role !== '');
}

function notesOf(meta: UserMeta | undefined, secret: string | undefined): MovingNote[] {
  const others = (meta?.providers ?? []).filter((provider) => provider !== 'Two_Factor_Totp');
  if (others.includes('Two_Factor_Backup_Codes') && others.length === 1 && secret !== undefined)
    return ['recovery_codes_left_out'];
  return others.length > 0 || (meta?.providers?.length && secret === undefined) ? ['second_factor_left_out'] : [];
}
