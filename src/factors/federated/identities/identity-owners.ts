import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../../access/request-origin.js';
import type { Connection } from '../connections/connection.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import type { LinkedUser } from './linked-user.js';

/** Finds the user that a person at a provider is here. */
export abstract class IdentityOwner {
  /**
   * @throws AuthError `invalid_credentials` when there is no such user, and when the user of the address has to link the login first, and is mailed how
   * @throws AuthError `user_banned`
   */
  abstract find(connection: Connection, identity: UpstreamIdentity, origin: RequestOrigin): Promise<LinkedUser>;
}

/** Where the factor finds it: linking ends what an account holds, factors too, so that it cannot be what a factor is made of. */
@Injectable()
export class IdentityOwners extends IdentityOwner {
  private owner: IdentityOwner | undefined;

  /** Said once, while the application starts. */
  are(owner: IdentityOwner): void {
    this.owner = owner;
  }

  find(connection: Connection, identity: UpstreamIdentity, origin: RequestOrigin): Promise<LinkedUser> {
    if (!this.owner) throw new TypeError('asked before the application has started');
    return this.owner.find(connection, identity, origin);
  }
}
