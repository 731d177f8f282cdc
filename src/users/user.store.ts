import type { DataSource, EntityManager } from 'typeorm';
import type { AuthUser, UserKind } from '../kernel/auth-context.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { deepFrozen } from '../kernel/json-object.js';
import type { UserFieldValues } from '../kernel/user-fields.js';

/** A user as stored. Credentials live with their factors, never here. */
export interface UserRecord {
  /** UUIDv7. */
  readonly id: string;
  /** `service`: a machine, which no person logs in as. Never changes. */
  readonly kind: UserKind;
  /** In the form of `canonicalEmail`; unique. Null for service users, and only for them. */
  readonly email: string | null;
  readonly emailVerifiedAt: Date | null;
  /** When any address of the account was verified for the first time; written once, by {@link UserStore.update}. Null: never. */
  readonly firstVerifiedAt: Date | null;
  readonly name: string | null;
  readonly roles: readonly string[];
  /** The declared fields; null or absent: the user has none, or the store keeps none. */
  readonly fields?: UserFieldValues | null;
  /** Tag of the language chosen for pages and mails; null or absent: none, or the store keeps none. */
  readonly language?: string | null;
  readonly createdAt: Date;
  /** Set while the user is banned, and after a ban that has ended by itself: ask {@link isBanned}. */
  readonly bannedAt: Date | null;
  /** When the ban ends by itself; null: never. Means nothing without `bannedAt`. */
  readonly bannedUntil: Date | null;
  /** For admins only. */
  readonly banReason: string | null;
  /** Starts at 1; one more with every change of roles, e-mail or status, in the same statement, and when the application's claims change (`UserClaims`). */
  readonly revision: number;
  /** Starts at 1; one more whenever all sessions of the user end. A session that was started in another epoch is over. */
  readonly sessionEpoch: number;
  /** The one session that outlived the end of all others, under its own id; null: none did. */
  readonly exceptSessionId: string | null;
  /** The user's epoch in which that session was started. */
  readonly exceptSessionEpoch: number | null;
}

/** A user to be inserted; the store creates the id, unless one is given. A service user (`kind`, default `person`) has null for an address. */
export type NewUser = Pick<UserRecord, 'email' | 'name'> &
  Partial<
    Pick<
      UserRecord,
      'kind' | 'emailVerifiedAt' | 'roles' | 'fields' | 'language' | 'bannedAt' | 'bannedUntil' | 'banReason'
    > & {
      /**
       * Of a user who had one elsewhere, a UUID; absent: a new one. If a deleted user may have had it, the new one must begin in another
       * `sessionEpoch`: sessions are kept apart from users, and outlive them.
       */
      readonly id: string;
      /** Of such a user; absent: now. */
      readonly createdAt: Date;
    }
  >;

/** The properties of a user that {@link UserStore.update} may change. */
export type UserChanges = Partial<
  Pick<
    UserRecord,
    'emailVerifiedAt' | 'name' | 'fields' | 'language' | 'roles' | 'bannedAt' | 'bannedUntil' | 'banReason'
  > & {
    readonly email: string;
  }
>;

/** The table of users, for a store in the same database that joins with it. */
export interface UserTable {
  readonly dataSource: DataSource;
  /** Quoted; its key is the column `id`. */
  readonly name: string;
  /** The column of each property, unquoted. */
  readonly columns: Readonly<Record<keyof UserRecord, string>>;
}

/**
 * Where users are kept. Default: the table `users`, through TypeORM. Replace it to authenticate the users of a table you
 * already have; `exerciseUserStore` of `coatcheck/testing` proves a replacement.
 *
 * `within` is the transaction to take part in. Within one, a user that was found stays locked until its end, so that what
 * was read of it stays true.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: UserStore, useClass: StaffDirectory }] })
 */
export abstract class UserStore {
  /**
   * Whether every change of a user is announced, whatever makes it, as {@link update} must. While it is false, no node keeps a
   * user in memory, and every request asks the store. A replacement that announces (by `Revocations`) sets it to true.
   */
  readonly announces: boolean = false;

  /**
   * Where its rows are, if each is a user exactly as {@link find} and {@link findByEmail} give it; null: only these know. With it a
   * session and its user, or a password and its user, are loaded in one statement, where those are in the same database.
   */
  get table(): UserTable | null {
    return null;
  }

  /** Atomic: of any number of concurrent inserts of one address exactly one returns a user, the others null; so does an id that is taken. */
  abstract insert(user: NewUser, within?: EntityManager): Promise<UserRecord | null>;

  /** Null when there is none, also for anything that is no UUID. */
  abstract find(id: string, within?: EntityManager): Promise<UserRecord | null>;

  /** `email` is canonical already. Null when there is none. */
  abstract findByEmail(email: string, within?: EntityManager): Promise<UserRecord | null>;

  /**
   * Writes the given fields in one statement, counts the revision up unless only the name, the language or the fields change, and announces the user:
   * `ended` when it is banned, else `changed`. The first `emailVerifiedAt` of a user is kept as `firstVerifiedAt` for good. Without `within` it returns when no node answers from before the change; within a
   * transaction it should be the last statement, and the caller settles after the commit (`Revocations`).
   *
   * @returns false when there is no such user
   * @throws AuthError `conflict` when `email` is another user's; a transaction it took part in is lost
   */
  abstract update(id: string, changes: UserChanges, within?: EntityManager): Promise<boolean>;

  /**
   * Counts `sessionEpoch` up in one statement and announces the user as `changed`: every session from before is over, whatever
   * becomes of its row, and a login that was in flight meanwhile leaves none behind. When to settle: as for {@link update}.
   *
   * @param exceptSessionId goes on: noted with the epoch it was started in, in the same statement. A session spared before is not
   *   any more. A store that knows no such thing ends this session too
   * @returns the new epoch, or null when there is no such user
   */
  abstract beginSessionEpoch(id: string, within?: EntityManager, exceptSessionId?: string): Promise<number | null>;

  /** Removes the user and announces it as `ended`. The address is free again. When to settle: as for {@link update}. */
  abstract delete(id: string, within?: EntityManager): Promise<boolean>;
}

/** The columns of a ban, with an instant that is never null: where that one cannot be read, neither can the others. */
export type Ban = Pick<UserRecord, 'bannedAt' | 'bannedUntil' | 'createdAt'>;

/** Whether the user is banned at this moment. A ban with an end is over by the clock alone, and need not be lifted. */
export function isBanned(user: Ban, now: Date): boolean {
  const end = banEndOf(user);
  return end !== null && now < end;
}

/** The end of a ban that never ends, in a form that every client can read. */
const NEVER = new Date('9999-12-31T23:59:59.999Z');

/**
 * Until when the user is banned; null: not at all. A ban without an end lasts until the year 9999.
 *
 * @throws AuthError `internal_error` when the store gave anything but an instant or null: that must not pass for "not banned"
 */
export function banEndOf({ bannedAt, bannedUntil, createdAt }: Ban): Date | null {
  readInstant(createdAt, 'users.created_at');
  const end = readInstantOrNull(bannedUntil, 'users.banned_until');
  return readInstantOrNull(bannedAt, 'users.banned_at') === null ? null : (end ?? NEVER);
}

/** The public part of a user record. @throws AuthError `internal_error` when one of its instants cannot be read */
export function toAuthUser(user: UserRecord): AuthUser {
  const { id, kind, email, name, roles, revision } = user;
  const createdAt = readInstant(user.createdAt, 'users.created_at');
  const emailVerified = readInstantOrNull(user.emailVerifiedAt, 'users.email_verified_at') !== null;
  // A handler that changed one would change what every later request sees.
  const fields = deepFrozen({ ...user.fields }) as UserFieldValues;
  return { id, kind, email, emailVerified, name, roles, createdAt, revision, fields, language: user.language ?? null };
}
