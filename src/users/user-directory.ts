import type { EntityManager } from 'typeorm';
import type { UserKind } from '../kernel/auth-context.js';
import type { UserRecord } from './user.store.js';

/** The statuses of users that admins can search for. */
export const USER_STATUSES = ['active', 'banned', 'unverified', 'locked'] as const;

/** Whether a user is active, banned, unverified or locked, as admins search for them. */
export type UserStatus = (typeof USER_STATUSES)[number];

/** A search for users; an absent property does not restrict it. */
export interface UserQuery {
  /**
   * Any part of the e-mail address or the name, or the whole username, whatever the case. `@` and a domain at which there are users:
   * everyone at that domain.
   */
  readonly search?: string;
  /** As of `now`. Who is locked out, the directory does not know: that is told by `among` and `notAmong`. */
  readonly status?: Exclude<UserStatus, 'locked'>;
  /** Persons or service users only. */
  readonly kind?: UserKind;
  /** Only these ids. */
  readonly among?: readonly string[];
  readonly notAmong?: readonly string[];
  /** Only users older than this one, by its id. */
  readonly before?: string;
  readonly limit: number;
  readonly now: Date;
}

/** A page of users. It may have fewer than were asked for, or none, though more follow. */
export interface UserListPage {
  readonly users: UserRecord[];
  /** `before` of the next page; null after the last. */
  readonly next: string | null;
}

/**
 * Users as admins see them: many at once. Default: the table `users`. Who replaces `UserStore` by one that keeps its users
 * elsewhere replaces this as well, or admins see no users, and nothing guards the last admin.
 */
export abstract class UserDirectory {
  /** Users, the latest created first, by their ids; at most `limit`. All of them where `among` names no more. */
  abstract list(query: UserQuery): Promise<UserListPage>;

  /** Up to `limit` users in the order of their ids, from `id` on, which is included; null: from the first. */
  abstract listFrom(id: string | null, limit: number): Promise<UserRecord[]>;

  /**
   * Whether a user other than `exceptId` is an admin and not banned at `now`; a service user does not count.
   *
   * @param mustBeVerified whether one whose address is not verified counts as none. Default: no
   */
  abstract hasAdmin(
    exceptId: string | null,
    now: Date,
    within?: EntityManager,
    mustBeVerified?: boolean,
  ): Promise<boolean>;

  /** Admins who are not banned at `now`, in the order of their ids; of more than a hundred the first made. */
  abstract listAdmins(now: Date, within?: EntityManager): Promise<UserRecord[]>;

  /**
   * From here to the end of the transaction no other one takes an admin away, nor makes the first. The caller
   * locks no user any more (`UserStore.find` within the transaction), or two could wait for each other.
   */
  abstract lockAdmins(within: EntityManager): Promise<void>;
}

/** The status of a user as admins see it; what keeps the user out comes first. */
export function statusOf(user: UserRecord, is: { readonly banned: boolean; readonly locked: boolean }): UserStatus {
  if (is.banned) return 'banned';
  if (is.locked) return 'locked';
  return user.kind === 'person' && user.emailVerifiedAt === null ? 'unverified' : 'active';
}
