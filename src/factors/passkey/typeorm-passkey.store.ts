import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { selectFrom, tableOf } from '../../database/table-of.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { PasskeyEntity } from './passkey.entity.js';
import { type PasskeyRecord, PasskeyStore, type PasskeyUse } from './passkey.store.js';

/** Passkeys in the table `passkeys`. Every method is one statement. */
@Injectable()
export class TypeormPasskeyStore extends PasskeyStore {
  private lookup: string | undefined;

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async listOf(userId: string, within?: EntityManager): Promise<PasskeyRecord[]> {
    if (!isUuid(userId)) return [];
    return this.manager(within).query(`${this.selection} WHERE user_id = $1 ORDER BY created_at, id`, [userId]);
  }

  async findOf(userId: string, credentialId: string): Promise<PasskeyRecord | null> {
    if (!isUuid(userId)) return null;
    const which = `${this.selection} WHERE user_id = $1 AND credential_id = $2`;
    const [passkey] = await this.dataSource.query(which, [userId, credentialId]);
    return passkey ?? null;
  }

  async findImported(credentialId: string): Promise<PasskeyRecord | null> {
    const which = `${this.selection} WHERE imported AND credential_id = $1 LIMIT 2`;
    const found: PasskeyRecord[] = await this.dataSource.query(which, [credentialId]);
    return found.length === 1 ? found[0]! : null;
  }

  async insert(passkey: PasskeyRecord, within?: EntityManager): Promise<boolean> {
    const { raw } = await this.manager(within)
      .createQueryBuilder()
      .insert()
      .into(PasskeyEntity)
      .values({ ...passkey, transports: [...passkey.transports] })
      .orIgnore()
      .returning('id')
      .execute();
    return raw.length === 1;
  }

  async recordUse(id: string, { signatureCount, backedUp, backupEligible, at }: PasskeyUse): Promise<boolean> {
    const [, count] = await this.dataSource.query(
      `UPDATE ${tableOf(this.dataSource, PasskeyEntity).name}
          SET signature_count = $2, backed_up = $3, last_used_at = $4,
              backup_eligible = CASE WHEN imported AND last_used_at IS NULL THEN $5 ELSE backup_eligible END
        WHERE id = $1 AND (signature_count < $2 OR (signature_count = 0 AND $2 = 0))`,
      [id, signatureCount, backedUp, at, backupEligible],
    );
    return count === 1;
  }

  async rename(userId: string, id: string, name: string): Promise<boolean> {
    if (!isUuid(userId) || !isUuid(id)) return false;
    const { affected } = await this.dataSource.manager.update(PasskeyEntity, { userId, id }, { name });
    return affected === 1;
  }

  async delete(userId: string, id: string, within?: EntityManager): Promise<number> {
    if (!isUuid(userId) || !isUuid(id)) return 0;
    return (await this.manager(within).delete(PasskeyEntity, { userId, id })).affected ?? 0;
  }

  async deleteAll(userId: string, within?: EntityManager): Promise<number> {
    if (!isUuid(userId)) return 0;
    return (await this.manager(within).delete(PasskeyEntity, { userId })).affected ?? 0;
  }

  /** By hand: the time that TypeORM takes to build an entity tells users with a passkey from those without. */
  private get selection(): string {
    this.lookup ??= selectFrom(tableOf(this.dataSource, PasskeyEntity));
    return this.lookup;
  }

  private manager(within: EntityManager | undefined): EntityManager {
    return within ?? this.dataSource.manager;
  }
}
