import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { Revocations } from '../revocation/revocations.js';
import { merged } from './declared-user-fields.js';
import { type UserRecord, UserStore } from './user.store.js';

/** Changes to a user's description; undefined: it stays. */
export interface DescriptionChanges {
  readonly name?: string | null | undefined;
  /** Tag of a language that there is; null: none. */
  readonly language?: string | null | undefined;
  /** Validated; those that change, null for one to remove. */
  readonly fields?: UserFieldValues | undefined;
}

/** Names, languages and declared fields of users: nothing that anything is decided by. */
@Injectable()
export class UserDescriptions {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Changes a user, on every node when it returns. Of two changes at once each keeps the fields that the other names.
   *
   * @returns the changed user; null: there is none
   * @throws AuthError `validation_failed` when the fields are too much together
   */
  async change(id: string, { name, language, fields }: DescriptionChanges): Promise<UserRecord | null> {
    if (!fields || Object.keys(fields).length === 0) {
      await this.users.update(id, { name, language });
      return this.users.find(id);
    }
    const isThere = await this.dataSource.transaction(async (tx) => {
      const user = await this.users.find(id, tx);
      return user !== null && this.users.update(id, { name, language, fields: merged(user.fields, fields) }, tx);
    });
    if (isThere) await this.revocations.settle([{ subject: `user:${id}`, kind: 'changed' }]);
    return this.users.find(id);
  }
}
