import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ImportedUserRequest } from '../../factors/password/import/imported-user.request.js';
import type { ImportedUser } from '../../factors/password/import/user-import.service.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import type { MovingNote, ReadRecord, ReadUser, RefusedRecord } from '../../moving-in/export-reader.js';
import { userIdOf } from '../../moving-in/user-id.js';
import { canonicalUsername } from '../../usernames/username.js';

/** A user as they are to be imported: valid by the rules of `POST /admin/import`. */
export interface Candidate {
  readonly at: number;
  readonly foreignId: string | null;
  readonly user: ImportedUser & { readonly id: string };
  readonly notes: readonly MovingNote[];
}

/** What holds for all users of an import. */
export interface CandidateRules {
  readonly system: string;
  /** See `userIdOf`. */
  readonly namespace: string | null;
  /** The other system's name of a role → ours; all others are left out. */
  readonly roles: ReadonlyMap<string, string>;
  /** See `ExportReader.defaultRoles`. */
  readonly defaultRoles: ReadonlySet<string>;
  /** Whether a hash of unknown form is left out, rather than its user. */
  readonly withoutUnknownHashes: boolean;
  /** Whether users log in only once their address is verified. */
  readonly isVerificationRequired: boolean;
  /** Whether users have usernames here. */
  readonly hasUsernames: boolean;
  canVerify(hash: string): boolean;
}

/** Notes that say already why a user has no password. */
const WITHOUT_PASSWORD: ReadonlySet<MovingNote> = new Set([
  'must_change_password',
  'password_left_out',
  'directory_password_left_out',
]);

/** What is to be imported of a record; a refusal where nothing can be. */
export async function candidateOf(record: ReadRecord, rules: CandidateRules): Promise<Candidate | RefusedRecord> {
  if ('refused' in record) return record;
  const { at, foreignId } = record;
  const { user, notes } = withoutWhatStays(record, rules);
  if (!user.email) return { at, foreignId, refused: 'no_email' };
  const faults = await faultsOf(user);
  if (faults.length === 0) return { at, foreignId, user, notes };
  if (faults.some((field) => field !== 'name')) return { at, foreignId, refused: `${snakeCase(faults[0]!)}_refused` };
  // A user is not lost for a name that cannot be shown.
  const { name: _, ...rest } = user;
  return { at, foreignId, user: rest, notes: [...notes, 'name_left_out'] };
}

function withoutWhatStays({ foreignId, user, notes = [] }: ReadUser, rules: CandidateRules) {
  const { roles: theirs = [], passwordHash, username, ...rest } = user;
  const roles = theirs.flatMap((role) => rules.roles.get(role) ?? []);
  const isLeftOut = passwordHash !== undefined && rules.withoutUnknownHashes && !rules.canVerify(passwordHash);
  const id = userIdOf(foreignId ?? canonicalEmail(user.email) ?? user.email, rules.system, rules.namespace);
  // One that is the address itself says nothing more: users log in by that.
  const hasUsername = username !== undefined && canonicalEmail(username) !== canonicalEmail(user.email);
  const isUsernameKept = hasUsername && rules.hasUsernames && canonicalUsername(username) !== null;
  const kept = {
    ...(passwordHash !== undefined && !isLeftOut && { passwordHash }),
    ...(isUsernameKept && { username }),
  };
  const added = [
    ...(rules.isVerificationRequired && !user.emailVerified ? ['address_unverified'] : []),
    ...(hasUsername && !isUsernameKept ? ['username_left_out'] : []),
    ...(theirs.some((role) => isLost(role, rules)) ? ['roles_left_out'] : []),
    ...(isLeftOut ? ['password_left_out'] : []),
    ...(passwordHash === undefined && !notes.some((note) => WITHOUT_PASSWORD.has(note)) ? ['no_password'] : []),
  ];
  return { user: { ...rest, ...kept, roles: [...new Set(roles)], id }, notes: [...new Set([...notes, ...added])] };
}

function isLost(role: string, { roles, defaultRoles }: CandidateRules): boolean {
  return !roles.has(role) && !defaultRoles.has(role);
}

/** Names of the fields that break the rules of the route. */
async function faultsOf(user: ImportedUser): Promise<string[]> {
  const request = plainToInstance(ImportedUserRequest, user);
  const errors = await validate(request, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return errors.map(({ property }) => property);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
