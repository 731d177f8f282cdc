import type { ExportReader, MovingNote } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, hasValue, instantIn, nameIn, objectIn, objectsIn, textIn } from '../field-values.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { type Auth0Secrets, auth0Hashes, auth0TotpSecrets } from './auth0-secrets.js';

type Row = Readonly<Record<string, unknown>>;

/** The bulk export of users (JSON lines or CSV), or that of the export extension, and beside it what support delivers. */
export const auth0Reader: ExportReader = {
  system: 'auth0',
  companions: {
    hashes: 'the password hashes that support delivers, JSON lines',
    totp: 'the secrets of authenticator apps that support delivers, JSON lines',
  },
  async *read(input, { companions }) {
    const secrets = { hashes: await auth0Hashes(companions.hashes), totp: await auth0TotpSecrets(companions.totp) };
    yield* readRecords(exportRecords(input, ['users']), {
      foreignIdOf: (row) => textIn(named(row), 'user_id') ?? null,
      userOf: (row) => userOf(named(row), secrets),
    });
  },
};

/** By the names of the API: the extension writes `Email Verified` for `email_verified`. */
function named(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [name.trim().toLowerCase().replaceAll(' ', '_'), value]);
  const { id, ...rest } = Object.fromEntries(entries);
  return { user_id: id, ...rest };
}

function userOf(row: Row, secrets: Auth0Secrets): UserOfRecord {
  if ('passwordhash' in row)
    throw new UnreadableExport(
      'This is the file of password hashes: it does not say who is blocked.',
      'import the export of users, and give this file by --with hashes=FILE',
    );
  const id = textIn(row, 'user_id');
  if (id === undefined) throw new RecordRefusal('no_user_id');
  const email = textIn(row, 'email') ?? '';
  if (email === '' && hasValue(row, 'phone_number')) throw new RecordRefusal('phone_only');
  const username = textIn(row, 'username');
  const createdAt = instantIn(row, 'created_at');
  const passwordHash = secrets.hashes.get(id);
  const totp = secrets.totp.get(id) ?? totpIn(row);
  return {
    user: {
      email,
      emailVerified: flagIn(row, 'email_verified') ?? false,
      name: nameIn(row, 'name', 'given_name', 'family_name') ?? null,
      ...(username !== undefined && { username }),
      ...(createdAt !== undefined && { createdAt }),
      banned: flagIn(row, 'blocked') ?? false,
      ...(passwordHash !== undefined && { passwordHash }),
      ...(totp !== undefined && { factors: { totp: { secret: totp } } }),
    },
    notes: notesOf(row, id, totp !== undefined),
  };
}

/** As the format of Auth0's own import has it. */
function totpIn(row: Row): string | undefined {
  for (const factor of objectsIn(row, 'mfa_factors')) {
    const secret = textIn(objectIn(factor, 'totp') ?? {}, 'secret');
    if (secret !== undefined) return secret;
  }
  return undefined;
}

function notesOf(row: Row, id: string, hasTotp: boolean): MovingNote[] {
  const isLinked =
    !id.startsWith('auth0|') || objectsIn(row, 'identities').some((one) => textIn(one, 'provider') !== 'auth0');
  const others = objectsIn(row, 'mfa_factors').filter((one) => !hasValue(one, 'totp'));
  const hasOther =
    others.length > 0 || (!hasTotp && (hasValue(row, 'multifactor') || hasValue(row, 'guardian_authenticators')));
  const hasMore = hasValue(row, 'user_metadata') || hasValue(row, 'app_metadata');
  return [
    ...(hasValue(row, 'blocked') ? [] : ['ban_not_told']),
    ...(isLinked ? ['provider_login_left_out'] : []),
    ...(hasOther ? ['second_factor_left_out'] : []),
    ...(hasMore ? ['metadata_left_out'] : []),
  ];
}
