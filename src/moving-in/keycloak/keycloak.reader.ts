import type { ExportReader } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { flagIn, hasValue, millisecondsIn, nameIn, textIn, textsIn } from '../field-values.js';
import { RecordRefusal, readRecords, type UserOfRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { credentialsOf } from './keycloak-credentials.js';

type Row = Readonly<Record<string, unknown>>;

/** What every user of a realm has by default. */
const DEFAULT_ROLES = /^(default-roles-.*|offline_access|uma_authorization)$/;

/** `kc.sh export`: a realm with its users, or the files `<realm>-users-N.json` of `--users different_files`. */
export const keycloakReader: ExportReader = {
  system: 'keycloak',
  parameters: {
    rpId: 'the domain that the passkeys were made for: the Relying Party ID of the policy, or the host of Keycloak',
  },
  read: (input, { parameters }) =>
    readRecords(exportRecords(input, ['users']), {
      foreignIdOf: (row) => (typeof row.id === 'string' ? row.id : null),
      userOf: (row) => userOf(row, parameters.rpId),
    }),
};

function userOf(row: Row, rpId: string | undefined): UserOfRecord {
  if (Array.isArray(row.users) && 'realm' in row)
    throw new UnreadableExport('The file has several realms.', 'export one realm at a time: kc.sh export --realm NAME');
  if (hasValue(row, 'serviceAccountClientId')) throw new RecordRefusal('service_account');
  const [address, username] = [textIn(row, 'email'), textIn(row, 'username')];
  const email = address ?? (username?.includes('@') ? username : '');
  const createdAt = millisecondsIn(row, 'createdTimestamp');
  const { passwordHash, factors, notes } = credentialsOf(row, rpId);
  const actions = textsIn(row, 'requiredActions');
  // One that an admin has set, and that was good for one login only.
  const isTemporary = actions.includes('UPDATE_PASSWORD');
  return {
    user: {
      email,
      ...(username !== undefined && { username }),
      // Said of `email` alone: a user name that looks like an address was typed by its user, and may be another's.
      emailVerified: flagIn(row, 'emailVerified') === true && address !== undefined,
      name: nameIn(row, '', 'firstName', 'lastName') ?? null,
      ...(createdAt !== undefined && { createdAt }),
      // As Keycloak's own import reads it: without the word, a user is not enabled.
      banned: flagIn(row, 'enabled') !== true,
      roles: textsIn(row, 'realmRoles').filter((role) => !DEFAULT_ROLES.test(role)),
      ...(passwordHash !== undefined && !isTemporary && { passwordHash }),
      factors,
    },
    notes: [...notes, ...notesOf(row, actions)],
  };
}

function notesOf(row: Row, actions: readonly string[]): string[] {
  return [
    ...(flagIn(row, 'enabled') === undefined ? ['missing_enabled_became_ban'] : []),
    ...(actions.includes('UPDATE_PASSWORD') ? ['must_change_password'] : []),
    ...(actions.some((one) => !['UPDATE_PASSWORD', 'VERIFY_EMAIL'].includes(one)) ? ['required_action_left_out'] : []),
    ...(hasValue(row, 'federatedIdentities') ? ['provider_login_left_out'] : []),
    // LDAP or the like, which alone knows the password.
    ...(hasValue(row, 'federationLink') ? ['directory_password_left_out'] : []),
    ...(hasValue(row, 'attributes') ? ['metadata_left_out'] : []),
    ...(hasValue(row, 'groups') ? ['groups_left_out'] : []),
  ];
}
