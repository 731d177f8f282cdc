import type { ExportReader, MovingNote } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, hasValue, millisecondsIn, objectsIn, textIn } from '../field-values.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { firebaseHashes } from './firebase-hashes.js';

type Row = Readonly<Record<string, unknown>>;

/** Its CSV has names and addresses of pictures as their users have typed them, line breaks and quotes too: a name can hold a whole row, with an address that is verified. */
const NO_CSV = new UnreadableExport(
  'The file is CSV, in which a name can pass for another user.',
  'export it as JSON: firebase auth:export users.json',
);

/** `firebase auth:export`, as JSON. */
export const firebaseReader: ExportReader = {
  system: 'firebase',
  parameters: {
    algorithm: 'SCRYPT',
    base64_signer_key: 'from the console: Authentication, Users, three dots, Password hash parameters',
    base64_salt_separator: 'beside it',
    rounds: 'beside it',
    mem_cost: 'beside it',
  },
  read(input, { parameters }) {
    const hashOf = firebaseHashes(parameters);
    return readRecords(exportRecords(input, ['users'], NO_CSV), {
      foreignIdOf: (row) => (typeof row.localId === 'string' ? row.localId : null),
      userOf: (row) => userOf(row, hashOf),
    });
  },
};

function userOf(row: Row, hashOf: (hash: string, salt: string) => string): UserOfRecord {
  const email = textIn(row, 'email') ?? '';
  if (email === '' && hasValue(row, 'phoneNumber')) throw new RecordRefusal('phone_only');
  if (email === '') throw new RecordRefusal('no_email');
  const createdAt = millisecondsIn(row, 'createdAt');
  const [hash, salt] = [textIn(row, 'passwordHash'), textIn(row, 'salt')];
  if (hash !== undefined && salt === undefined) throw new RecordRefusal('salt_missing');
  return {
    user: {
      email,
      emailVerified: flagIn(row, 'emailVerified') ?? false,
      name: textIn(row, 'displayName') ?? null,
      ...(createdAt !== undefined && { createdAt }),
      // What Firebase writes of users that are disabled only.
      banned: flagIn(row, 'disabled') ?? false,
      ...(hash !== undefined && { passwordHash: hashOf(hash, salt!) }),
    },
    notes: notesOf(row),
  };
}

function notesOf(row: Row): MovingNote[] {
  const providers = objectsIn(row, 'providerUserInfo').map((one) => textIn(one, 'providerId') ?? '');
  const isLinked = providers.some((provider) => !['password', 'phone', 'emailLink'].includes(provider));
  return [
    ...(isLinked ? ['provider_login_left_out'] : []),
    ...(hasValue(row, 'mfaInfo') ? ['second_factor_left_out'] : []),
    ...(hasValue(row, 'customAttributes') ? ['metadata_left_out'] : []),
  ];
}
