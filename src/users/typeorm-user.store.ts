import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../database/lost-races.js';
import { selectFrom, tableOf } from '../database/table-of.js';
import { eachRowAlone } from '../database/unreadable-rows.js';
import { AuthError } from '../kernel/auth-error.js';
import { Batcher } from '../kernel/batcher.js';
import { Clock } from '../kernel/clock.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { UserEntity } from './user.entity.js';
import { type NewUser, type UserChanges, type UserRecord, UserStore, type UserTable } from './user.store.js';

/** Few, or each would carry one only; more than one, for a slow statement must not hold up everyone. */
const CONCURRENCY = 3;
/** Of PostgreSQL's integers as many again are left to count up, and to add the global epoch to. */
const HIGHEST_FIRST_EPOCH = 2 ** 30;

/** Users in the table `users`. Every method is one statement, or one transaction, so each is atomic by itself. */
@Injectable()
export class TypeormUserStore extends UserStore {
  override readonly announces = true;
  private lookup: string | undefined;
  /** Many requests at once look up their users in one statement. */
  private readonly byId = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: CONCURRENCY },
  );

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  override get table(): UserTable | null {
    // A subclass that finds users in another way must be asked.
    const { find, findByEmail } = TypeormUserStore.prototype;
    if (this.find !== find || this.findByEmail !== findByEmail) return null;
    return { dataSource: this.dataSource, ...tableOf<keyof UserRecord>(this.dataSource, UserEntity) };
  }

  async insert(given: NewUser, within?: EntityManager): Promise<UserRecord | null> {
    const { kind = 'person', email, name, emailVerifiedAt, roles, fields, language = null } = given;
    const { createdAt = this.clock.now(), bannedAt = null, bannedUntil = null, banReason = null } = given;
    const user: UserEntity = {
      id: given.id?.toLowerCase() ?? uuidv7({ msecs: createdAt.getTime() }),
      kind,
      email,
      emailVerifiedAt: emailVerifiedAt ?? null,
      firstVerifiedAt: emailVerifiedAt ?? null,
      name,
      roles: [...(roles ?? [])],
      fields: orNull(fields),
      language,
      createdAt,
      bannedAt,
      bannedUntil,
      banReason,
      revision: 1,
      // A deleted user may have had the id: their sessions outlive them in their store, and must be of another epoch.
      sessionEpoch: given.id === undefined ? 1 : randomInt(2, HIGHEST_FIRST_EPOCH),
      exceptSessionId: null,
      exceptSessionEpoch: null,
    };
    // The loser waits for the winner's commit and then gets no row back, instead of an error that ends its transaction.
    const { raw } = await this.manager(within)
      .createQueryBuilder()
      .insert()
      .into(UserEntity)
      .values(user)
      .orIgnore()
      .returning('id')
      .execute();
    return raw.length === 1 ? user : null;
  }

  async find(id: string, within?: EntityManager): Promise<UserRecord | null> {
    if (!isUuid(id)) return null;
    return within ? this.findOne('id', id, within) : this.byId.load(id.toLowerCase());
  }

  async findByEmail(email: string, within?: EntityManager): Promise<UserRecord | null> {
    return this.findOne('email', email, within);
  }

  async update(id: string, changes: UserChanges, within?: EntityManager): Promise<boolean> {
    if (!isUuid(id)) return false;
    const { email, emailVerifiedAt, name, language, roles, bannedAt, bannedUntil, banReason } = changes;
    const fields = changes.fields === undefined ? undefined : orNull(changes.fields);
    const status = { email, emailVerifiedAt, bannedAt, bannedUntil, banReason, ...(roles && { roles: [...roles] }) };
    const set = { ...status, name, fields, language };
    if (Object.values(set).every((value) => value === undefined)) return (await this.find(id, within)) !== null;
    const isDescription = Object.values(status).every((value) => value === undefined);
    const counted = isDescription ? {} : { revision: () => 'revision + 1' };
    const write = (manager: EntityManager) => this.writing(manager, id, { ...set, ...counted }, emailVerifiedAt);
    const written = await this.announcing(announcementOf(id, set), write, within);
    return written.affected === 1;
  }

  async beginSessionEpoch(id: string, within?: EntityManager, exceptSessionId?: string): Promise<number | null> {
    if (!isUuid(id)) return null;
    const excepted = exceptSessionId !== undefined && isUuid(exceptSessionId) ? exceptSessionId : null;
    const write = (manager: EntityManager) =>
      manager
        .createQueryBuilder()
        .update(UserEntity)
        .set({
          sessionEpoch: () => 'session_epoch + 1',
          exceptSessionId: excepted,
          // Spared again it is of the epoch it was started in, not of the one that has just passed.
          exceptSessionEpoch: () =>
            'CASE WHEN except_session_id = :excepted::uuid THEN except_session_epoch WHEN :excepted::uuid IS NOT NULL THEN session_epoch END',
        })
        .setParameter('excepted', excepted)
        .where({ id })
        .returning('session_epoch')
        .execute();
    const { raw } = await this.announcing(announcementOf(id, {}), write, within);
    return (raw as { session_epoch: number }[])[0]?.session_epoch ?? null;
  }

  async delete(id: string, within?: EntityManager): Promise<boolean> {
    if (!isUuid(id)) return false;
    const write = (manager: EntityManager) => manager.delete(UserEntity, { id });
    const { affected } = await this.announcing({ subject: `user:${id}`, kind: 'ended' }, write, within);
    return affected === 1;
  }

  private writing(manager: EntityManager, id: string, set: object, verifiedAt: Date | null | undefined) {
    const query = manager.createQueryBuilder().update(UserEntity).where({ id });
    if (!verifiedAt) return query.set(set).execute();
    const firstVerifiedAt = () => 'coalesce(first_verified_at, :verifiedAt)';
    return query
      .set({ ...set, firstVerifiedAt })
      .setParameter('verifiedAt', verifiedAt)
      .execute();
  }

  /** Makes a change and announces it, in the caller's transaction or in one of its own that is settled at once. */
  private async announcing<T extends { affected?: number | null }>(
    announcement: Announcement,
    write: (manager: EntityManager) => Promise<T>,
    within: EntityManager | undefined,
  ): Promise<T> {
    const change = async (manager: EntityManager) => {
      const written = await write(manager).catch(orConflict);
      if (written.affected === 1) await this.revocations.announce([announcement], manager);
      return written;
    };
    if (within) return change(within);
    const written = await transactionAfterLostRaces(this.dataSource, change);
    if (written.affected === 1) await this.revocations.settle([announcement]);
    return written;
  }

  private async findAll(ids: readonly string[]): Promise<(UserRecord | null)[]> {
    const users = await this.dataSource.query<UserRecord[]>(`${this.select} WHERE id = ANY ($1::uuid[])`, [ids]);
    const found = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private get select(): string {
    this.lookup ??= selectFrom(tableOf(this.dataSource, UserEntity));
    return this.lookup;
  }

  /** By hand: TypeORM's builder costs more than the look-up, and every login and many a request makes one. */
  private async findOne(by: 'id' | 'email', value: string, within?: EntityManager): Promise<UserRecord | null> {
    // Not FOR UPDATE: rows of other tables that refer to the user may be written meanwhile.
    const lock = within ? ' FOR NO KEY UPDATE' : '';
    const [user] = await this.manager(within).query(`${this.select} WHERE ${by} = $1${lock}`, [value]);
    return user ?? null;
  }

  private manager(within: EntityManager | undefined): EntityManager {
    return within ?? this.dataSource.manager;
  }
}

/** A user without fields has none stored. */
function orNull(fields: UserRecord['fields']) {
  return fields && Object.keys(fields).length > 0 ? fields : null;
}

function announcementOf(id: string, { bannedAt }: Partial<UserEntity>): Announcement {
  return { subject: `user:${id}`, kind: bannedAt ? 'ended' : 'changed' };
}

/** Only the address is unique besides the id, which never changes. */
function orConflict(error: unknown): never {
  if ((error as { code?: unknown }).code !== '23505') throw error;
  throw new AuthError('conflict', { reason: 'address_taken', cause: error });
}
