import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { UsernameEntity } from './username.entity.js';
import { canonicalUsername, RESERVED_USERNAMES } from './username.js';
import { usernamesOptions } from './usernames-options.js';

/** Names that a user has given up and that are kept from others: one who changed it time and again would keep all good names. */
const MOST_KEPT = 10;

/** The usernames of users. */
@Injectable()
export class Usernames {
  /** Whether there are any, by the options. */
  readonly isOn: boolean;
  private readonly reserved: ReadonlySet<string>;
  private readonly releasedSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { usernames, usernamesReserved, usernameReleasedSeconds } = options.of(usernamesOptions);
    this.isOn = usernames;
    this.reserved = new Set([...RESERVED_USERNAMES, ...usernamesReserved.map((name) => canonicalUsername(name)!)]);
    this.releasedSeconds = usernameReleasedSeconds;
  }

  /** As its user writes it; null: none. */
  async of(userId: string): Promise<string | null> {
    return (await this.ofAll([userId])).get(userId) ?? null;
  }

  /** Of those users who have one, by their ids. */
  async ofAll(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (!this.isOn || userIds.length === 0) return new Map();
    const where = { userId: In([...userIds]), releasedAt: IsNull() };
    const found = await this.dataSource.manager.find(UsernameEntity, { where });
    return new Map(found.map(({ userId, username }) => [userId!, username]));
  }

  /** The user who has this username, however it is written; null: no user has. */
  async ownerOf(username: string): Promise<string | null> {
    if (!this.isOn) return null;
    const [row] = await this.dataSource.query<{ userId: string }[]>(
      'SELECT user_id AS "userId" FROM coatcheck.usernames WHERE canonical = $1 AND released_at IS NULL',
      [canonicalUsername(username) ?? ''],
    );
    return row?.userId ?? null;
  }

  /** Whether an import could give it to a user, who may have had it before: it is switched on, well-formed, and no other user's. */
  async isFree(username: string, userId: string | undefined, within: EntityManager): Promise<boolean> {
    const canonical = canonicalUsername(username);
    if (!this.isOn || canonical === null) return false;
    const held = await within.findOneBy(UsernameEntity, { canonical });
    if (held === null || (userId !== undefined && held.userId === userId.toLowerCase())) return true;
    return held.releasedAt !== null && held.releasedAt <= this.clock.in(-this.releasedSeconds);
  }

  /** Whether users may choose it at all, also if a user has it now. @param username well-formed */
  isReserved(username: string): boolean {
    return this.reserved.has(canonicalUsername(username)!);
  }

  /**
   * Gives a user a username in place of the one they have, in one statement for the name: of any number of users who want it at once exactly one
   * gets it. The former one is released. In a transaction that has locked the user.
   *
   * @param isChosen false: by an admin or an import, who may also give reserved ones
   * @throws AuthError `conflict` when another user has it, or has given it up lately, when it is reserved, and for a user who has given up
   *   {@link MOST_KEPT} lately; `validation_failed` for what is none
   */
  async take(userId: string, username: string, isChosen: boolean, within: EntityManager): Promise<void> {
    const canonical = canonicalUsername(username);
    if (canonical === null) throw new AuthError('validation_failed', { reason: 'not_a_username' });
    if (isChosen && this.reserved.has(canonical)) throw new AuthError('conflict', { reason: 'username_reserved' });
    const now = this.clock.now();
    await this.release(userId, within, canonical);
    if (isChosen) await this.assertFewKept(userId, canonical, within);
    const taken = await within.query<object[]>(
      `INSERT INTO coatcheck.usernames AS name (canonical, username, user_id, is_chosen, taken_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (canonical) DO UPDATE SET username = $2, user_id = $3, is_chosen = $4, taken_at = $5, released_at = NULL
         WHERE name.user_id = $3 OR name.released_at <= $6
       RETURNING canonical`,
      [canonical, username, userId, isChosen, now, this.clock.in(-this.releasedSeconds)],
    );
    if (taken.length !== 1) throw new AuthError('conflict', { reason: 'username_taken' });
  }

  /** Takes a user's username away: only the same user can have it again for a while. */
  async release(userId: string, within: EntityManager, except = ''): Promise<boolean> {
    const [, released] = await within.query(
      'UPDATE coatcheck.usernames SET released_at = $2 WHERE user_id = $1 AND released_at IS NULL AND canonical <> $3',
      [userId, this.clock.now(), except],
    );
    return released > 0;
  }

  /** Of the user's own former names each may be chosen again. */
  private async assertFewKept(userId: string, chosen: string, within: EntityManager): Promise<void> {
    const [{ kept }] = await within.query<[{ kept: number }]>(
      'SELECT count(*)::int AS kept FROM coatcheck.usernames WHERE user_id = $1 AND canonical <> $2 AND released_at > $3',
      [userId, chosen, this.clock.in(-this.releasedSeconds)],
    );
    if (kept > MOST_KEPT) throw new AuthError('conflict', { reason: 'too_many_usernames' });
  }
}
