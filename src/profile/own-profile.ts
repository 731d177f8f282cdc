import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { toAuthUser } from '../users/user.store.js';
import { UserDescriptions } from '../users/user-descriptions.js';

/** What users change of how they describe themselves. */
export interface ProfileChanges {
  /** An empty name is none. */
  readonly name?: string | null | undefined;
  readonly fields?: UserFieldValues | undefined;
}

/** Changes of one's own name and fields. */
@Injectable()
export class OwnProfile {
  constructor(private readonly descriptions: UserDescriptions) {}

  /** @throws AuthError `session_ended` when the user was deleted meanwhile; `validation_failed` when the fields are too much together */
  async change({ id }: AuthUser, changes: ProfileChanges): Promise<AuthUser> {
    const name = changes.name === '' ? null : changes.name;
    const user = await this.descriptions.change(id, { name, fields: changes.fields });
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    return toAuthUser(user);
  }
}
