import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { type UserRecord, UserStore } from '../../../users/user.store.js';
import type { Connection } from '../connections/connection.js';
import { EnforcedConnections } from '../connections/enforced-connections.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import { FederatedIdentities } from './federated-identities.js';
import type { FederatedIdentityEntity } from './federated-identity.entity.js';
import { IdentityOwner, IdentityOwners } from './identity-owners.js';
import type { LinkedUser } from './linked-user.js';
import { Linking } from './linking.js';
import { Provisioning } from './provisioning.js';
import { RefusedLinks } from './refused-links.js';
import { RolesAtLogin } from './roles-at-login.js';
import { claimedAddress } from './vouched-address.js';

/** The same two would have to be outrun by another login of theirs so many times in a row. */
const TRIES = 5;

/** Which user a person at a provider is here: by the key of the identity, and where no user has that, by the rules of linking. */
@Injectable()
export class FederatedUsers extends IdentityOwner {
  constructor(
    private readonly identities: FederatedIdentities,
    private readonly users: UserStore,
    private readonly enforced: EnforcedConnections,
    private readonly linking: Linking,
    private readonly provisioning: Provisioning,
    private readonly refusedLinks: RefusedLinks,
    private readonly roles: RolesAtLogin,
    owners: IdentityOwners,
  ) {
    super();
    owners.are(this);
  }

  async find(connection: Connection, identity: UpstreamIdentity, origin: RequestOrigin): Promise<LinkedUser> {
    for (let tries = 0; tries < TRIES; tries++) {
      const known = await this.identities.of(connection, identity);
      const found = known ? await this.known(known, connection) : await this.newcomer(connection, identity, origin);
      if (found?.isNew) return found;
      if (found) return this.withRoles(found, connection, identity, origin);
    }
    throw refused('outrun_again_and_again');
  }

  private async withRoles(
    found: LinkedUser,
    connection: Connection,
    identity: UpstreamIdentity,
    origin: RequestOrigin,
  ): Promise<LinkedUser> {
    const link = { identityId: found.identityId, connection, identity, origin };
    return { ...found, user: await this.roles.follow(found.user, link) };
  }

  /** Before the link is looked at again: of an unlinking and a login, the login is refused, or ended by it. */
  private async known({ id, userId }: FederatedIdentityEntity, connection: Connection): Promise<LinkedUser> {
    const user = await this.users.find(userId);
    if (user?.email) await this.assertPrescribed(connection, user.email, user);
    if (!user || !(await this.identities.touch(id, userId))) throw refused('unlinked_meanwhile', userId);
    return { user, identityId: id };
  }

  private async newcomer(
    connection: Connection,
    identity: UpstreamIdentity,
    origin: RequestOrigin,
  ): Promise<LinkedUser | null> {
    const address = claimedAddress(connection, identity);
    if (address === null) throw refused('no_address');
    const user = await this.users.findByEmail(address.email);
    await this.assertPrescribed(connection, address.email, user);
    if (!user) return this.provisioning.provision(connection, identity, address, origin);
    if (address.isProven) return this.linking.link(user, { connection, identity, email: address.email, origin });
    return this.refuse(user, connection);
  }

  /** Whatever another connection says of users at the domains of one that is enforced, nothing is made or linked by it. */
  private async assertPrescribed({ id }: Connection, email: string, user: UserRecord | null): Promise<void> {
    const prescribed = await this.enforced.connectionFor(email, user);
    if (prescribed !== null && prescribed.id !== id) throw refused('login_prescribed', user?.id);
  }

  private async refuse(user: UserRecord, connection: Connection): Promise<never> {
    await this.refusedLinks.tell(user, connection);
    throw refused('address_of_a_user', user.id);
  }
}

function refused(reason: string, userId?: string): AuthError {
  return new AuthError('invalid_credentials', { reason, userId });
}
