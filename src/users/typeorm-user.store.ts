import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { tableOf } from '../database/table-of.js';
import { Clock } from '../kernel/clock.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { UserEntity } from './user.entity.js';
import { type NewUser, type UserChanges, type UserRecord, UserStore, type UserTable } from './user.store.js';

/** Users in the table `users`. Every method is one statement, or one transaction, so each is atomic by itself. */
@Injectable()
export class TypeormUserStore extends UserStore {
  override readonly announces = true;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  override get table(): UserTable | null {
    // Whoever finds users in another way must be asked.
    if (this.find !== TypeormUserStore.prototype.find) return null;
    return { dataSource: this.dataSource, ...tableOf<keyof UserRecord>(this.dataSource, UserEntity) };
  }

  async insert({ email, name, emailVerifiedAt, roles }: NewUser, within?: EntityManager): Promise<UserRecord | null> {
    const createdAt = this.clock.now();
    const user: UserEntity = {
      id: uuidv7({ msecs: createdAt.getTime() }),
      email,
      emailVerifiedAt: emailVerifiedAt ?? null,
      name,
      roles: [...(roles ?? [])],
      createdAt,
      bannedAt: null,
      revision: 1,
    };
    // Whoever loses waits for the winner's commit and then gets no row back, instead of an error that ends its transaction.
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
    return isUuid(id) ? this.findOne({ id }, within) : null;
  }

  async findByEmail(email: string, within?: EntityManager): Promise<UserRecord | null> {
    return this.findOne({ email }, within);
  }

  async update(id: string, changes: UserChanges, within?: EntityManager): Promise<boolean> {
    if (!isUuid(id)) return false;
    const { emailVerifiedAt, name, roles, bannedAt } = changes;
    const set = { emailVerifiedAt, name, bannedAt, ...(roles && { roles: [...roles] }) };
    if (Object.values(set).every((value) => value === undefined)) return (await this.find(id, within)) !== null;
    if (within) return this.write(within, id, set);
    const written = await this.dataSource.transaction((manager) => this.write(manager, id, set));
    if (written) await this.revocations.settle([announcementOf(id, set)]);
    return written;
  }

  private async write(manager: EntityManager, id: string, set: Partial<UserEntity>): Promise<boolean> {
    const onlyName = set.roles === undefined && set.bannedAt === undefined && set.emailVerifiedAt === undefined;
    const revision = onlyName ? {} : { revision: () => 'revision + 1' };
    const { affected } = await manager.update(UserEntity, { id }, { ...set, ...revision });
    if (affected !== 1) return false;
    await this.revocations.announce([announcementOf(id, set)], manager);
    return true;
  }

  private findOne(where: FindOptionsWhere<UserEntity>, within?: EntityManager): Promise<UserRecord | null> {
    // Not FOR UPDATE: rows of other tables that refer to the user may be written meanwhile.
    const lock = within && ({ mode: 'for_no_key_update' } as const);
    return this.manager(within).findOne(UserEntity, { where, lock });
  }

  private manager(within: EntityManager | undefined): EntityManager {
    return within ?? this.dataSource.manager;
  }
}

function announcementOf(id: string, { bannedAt }: Partial<UserEntity>): Announcement {
  return { subject: `user:${id}`, kind: bannedAt ? 'ended' : 'changed' };
}
