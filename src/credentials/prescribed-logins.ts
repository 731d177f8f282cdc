import { Injectable } from '@nestjs/common';
import type { UserRecord } from '../users/user.store.js';

/** Another way to sign in, which takes the place of the password. */
export interface PrescribedLogin {
  /** What its users call it. */
  readonly name: string;
}

/**
 * For whom a password is good for nothing, because somebody has prescribed another way to sign in. Asked at every login by password: the answer must
 * come from memory. Default: for nobody. A plug-in that prescribes one provides it.
 */
export abstract class PrescribedLogins {
  /**
   * The way in place of the password; null: a password will do.
   *
   * @param email canonical
   * @param user whose address it is; null: nobody's
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
