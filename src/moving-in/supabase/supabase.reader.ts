import type { ExportReader, MovingNote } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, hasValue, instantIn, nameIn, objectIn, textIn, textsIn } from '../field-values.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { type SupabaseFactors, supabaseFactors } from './supabase-factors.js';

type Row = Readonly<Record<string, unknown>>;

/** What Supabase itself puts beside the data of the application. */
const OWN_METADATA = ['sub', 'email', 'email_verified', 'phone_verified', 'name', 'full_name', 'avatar_url', 'picture'];
const OWN_PROVIDERS = ['email', 'phone'];

/** The rows of the table `auth.users`, as CSV or JSON. */
export const supabaseReader: ExportReader = {
  system: 'supabase',
  companions: { mfa_factors: 'rows of auth.mfa_factors, as CSV or JSON' },
  async *read(input, { companions }) {
    const factors = await supabaseFactors(companions.mfa_factors);
    yield* readRecords(exportRecords(input, ['users']), {
      foreignIdOf: (row) => (typeof row.id === 'string' ? row.id : null),
      userOf: (row) => userOf(row, factors),
    });
  },
};

function userOf(row: Row, factors: SupabaseFactors): UserOfRecord {
  if (!('encrypted_password' in row) || !('banned_until' in row))
    throw new UnreadableExport(
      'The file has no column encrypted_password, or none called banned_until.',
      'export all columns of auth.users',
    );
  if (hasValue(row, 'deleted_at')) throw new RecordRefusal('deleted');
  if (flagIn(row, 'is_anonymous') === true) throw new RecordRefusal('anonymous');
  const email = textIn(row, 'email') ?? '';
  if (email === '' && hasValue(row, 'phone')) throw new RecordRefusal('phone_only');
  const metadata = objectIn(row, 'raw_user_meta_data') ?? {};
  const createdAt = instantIn(row, 'created_at');
  const passwordHash = textIn(row, 'encrypted_password');
  const { secret, notes } = factors.of(textIn(row, 'id') ?? '');
  return {
    user: {
      email,
      emailVerified: instantIn(row, 'email_confirmed_at') !== undefined,
      name: nameIn(metadata, 'full_name', 'name', '') ?? null,
      ...(createdAt !== undefined && { createdAt }),
      ...banOf(row),
      ...(passwordHash !== undefined && { passwordHash }),
      ...(secret !== null && { factors: { totp: { secret } } }),
    },
    notes: [...notes, ...notesOf(row, metadata)],
  };
}

/** A ban that has ended is none. */
function banOf(row: Row): { banned: boolean; bannedUntil?: string } {
  if (textIn(row, 'banned_until') === 'infinity') return { banned: true };
  const bannedUntil = instantIn(row, 'banned_until');
  if (bannedUntil === undefined || Date.parse(bannedUntil) <= Date.now()) return { banned: false };
  return { banned: true, bannedUntil };
}

function notesOf(row: Row, metadata: Row): MovingNote[] {
  const app = objectIn(row, 'raw_app_meta_data') ?? {};
  const isLinked =
    textsIn(app, 'providers').some((provider) => !OWN_PROVIDERS.includes(provider)) ||
    flagIn(row, 'is_sso_user') === true;
  const hasMore =
    Object.keys(metadata).some((key) => !OWN_METADATA.includes(key)) ||
    Object.keys(app).some((key) => !['provider', 'providers'].includes(key));
  return [...(isLinked ? ['provider_login_left_out'] : []), ...(hasMore ? ['metadata_left_out'] : [])];
}
