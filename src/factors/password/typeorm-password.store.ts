import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { CredentialTable } from '../../credentials/account-lookup.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { selectFrom, tableOf } from '../../database/table-of.js';
import { PasswordEntity } from './password.entity.js';
import { PasswordStore, type StoredPassword } from './password.store.js';

/** Passwords in the table `passwords`. Every method is one statement. */
@Injectable()
export class TypeormPasswordStore extends PasswordStore {
  private lookup: string | undefined;

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  override get table(): CredentialTable<StoredPassword> | null {
    // A store that finds passwords in another way must be asked.
    if (this.find !== TypeormPasswordStore.prototype.find) return null;
    return { dataSource: this.dataSource, ...tableOf<keyof StoredPassword>(this.dataSource, PasswordEntity) };
  }

  async find(userId: string, within?: EntityManager): Promise<StoredPassword | null> {
    if (!isUuid(userId)) return null;
    // By hand: every login makes this look-up, and TypeORM's builder costs more than it.
    this.lookup ??= `${selectFrom(tableOf(this.dataSource, PasswordEntity))} WHERE user_id = $1`;
    const [password] = await (within ?? this.dataSource).query(this.lookup, [userId]);
    return password ?? null;
  }

  async set(password: StoredPassword, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource.manager).upsert(PasswordEntity, { ...password }, ['userId']);
  }

  async setFirst(password: StoredPassword, within?: EntityManager): Promise<boolean> {
    const { raw } = await (within ?? this.dataSource.manager)
      .createQueryBuilder()
      .insert()
      .into(PasswordEntity)
      .values({ ...password })
      .orIgnore()
      .returning('user_id')
      .execute();
    return raw.length === 1;
  }

  async delete(userId: string, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource.manager).delete(PasswordEntity, { userId });
  }

  async replaceHash(userId: string, oldHash: string, newHash: string): Promise<boolean> {
    const unchanged = { userId, passwordHash: oldHash };
    const { affected } = await this.dataSource.manager.update(PasswordEntity, unchanged, { passwordHash: newHash });
    return affected === 1;
  }
}
