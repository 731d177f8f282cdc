import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { Catalogue } from '../languages/catalogue.js';
import { assertLanguage } from '../languages/user-language.js';
import { toAuthUser } from '../users/user.store.js';
import { UserDescriptions } from '../users/user-descriptions.js';

/** A user's changes to their own description. */
export interface ProfileChanges {
  /** An empty name is none. */
  readonly name?: string | null | undefined;
  /** Null: as the browser says. */
  readonly language?: string | null | undefined;
  readonly fields?: UserFieldValues | undefined;
}

/** Changes of one's own name, language and fields. */
@Injectable()
export class OwnProfile {
  constructor(
    private readonly descriptions: UserDescriptions,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * @throws AuthError `session_ended` when the user was deleted meanwhile; `validation_failed` when the fields are too much together, and
   * for a language that there is not
   */
  async change({ id }: AuthUser, { language, fields, ...changes }: ProfileChanges): Promise<AuthUser> {
    const name = changes.name === '' ? null : changes.name;
    assertLanguage(language, this.catalogue);
    const user = await this.descriptions.change(id, { name, language, fields });
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    return toAuthUser(user);
  }
}
