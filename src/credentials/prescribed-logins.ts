import { Injectable } from '@nestjs/common';
import type { UserRecord } from '../users/user.store.js';

/** The one way in which a login of a user may begin. */
export interface PrescribedLogin {
  /** Its display name. */
  readonly name: string;
  /** Name of the factor that begins it. */
  readonly factor: string;
}

/**
 * Users to whom one way to sign in is prescribed: a login of theirs begins by no other factor, whose proof is refused like a wrong one. Asked at every
 * login: the answer must come from memory. Default: to no user. A plug-in that prescribes one provides it.
 */
export abstract class PrescribedLogins {
  /**
   * The login that is prescribed; null: any will do.
   *
   * @param email canonical
   * @param user whose address it is; null: no user's
   */
  abstract loginFor(
    email: string,
    user: Pick<UserRecord, 'id' | 'kind' | 'roles'> | null,
  ): Promise<PrescribedLogin | null>;
}

/** Nothing is prescribed. */
@Injectable()
export class AnyLogin extends PrescribedLogins {
  async loginFor(): Promise<null> {
    return null;
  }
}
