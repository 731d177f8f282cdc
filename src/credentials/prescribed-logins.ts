import { Injectable } from '@nestjs/common';
import type { UserRecord } from '../users/user.store.js';

/** Another way to sign in, which takes the place of the password. */
export interface PrescribedLogin {
  /** Its display name. */
  readonly name: string;
}

/**
 * Whose password is not accepted, because another way to sign in is prescribed. Asked at every login by password: the answer must
 * come from memory. Default: no user's. A plug-in that prescribes one provides it.
 */
export abstract class PrescribedLogins {
  /**
   * The way in place of the password; null: a password will do.
   *
   * @param email canonical
   * @param user whose address it is; null: no user's
   */
  abstract insteadOfPassword(
    email: string,
    user: Pick<UserRecord, 'id' | 'kind' | 'roles'> | null,
  ): Promise<PrescribedLogin | null>;
}

/** Nothing is prescribed. */
@Injectable()
export class AnyLogin extends PrescribedLogins {
  async insteadOfPassword(): Promise<null> {
    return null;
  }
}
