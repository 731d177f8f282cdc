import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuditSink } from '../../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { causedBy } from '../../../mail/mail-cause.js';
import { AdminAlerts, isAdmin } from '../../../security/admin-alerts.js';
import { MailboxPolicy } from '../../../users/mailbox-policy.js';
import { UnprovenUsers } from '../../../users/unproven-users.js';
import { type UserRecord, UserStore } from '../../../users/user.store.js';
import { VerificationMails } from '../../../verification/verification-mails.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import { FederatedIdentities } from './federated-identities.js';
import type { LinkedUser } from './linked-user.js';
import { mappedRoles } from './mapped-roles.js';
import type { ClaimedAddress } from './vouched-address.js';

/** Longer ones are no names. */
const MOST_CHARACTERS = 200;

/** Makes users of people whom a provider knows and who are not known here (`jitProvisioning`). */
@Injectable()
export class Provisioning {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly identities: FederatedIdentities,
    private readonly unproven: UnprovenUsers,
    private readonly mailboxes: MailboxPolicy,
    private readonly verifications: VerificationMails,
    private readonly alerts: AdminAlerts,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * The user and the link, in one transaction. An address that counts as proven is verified by it, and the user has the roles of the map; any
   * other is mailed a link, and the proof by that link ends this login too (`mailbox_proven`), for it is not known yet whose mailbox it is.
   *
   * @returns null when the address, or the identity, has a user meanwhile
   * @throws AuthError `invalid_credentials` where no users are created, or none with this address
   */
  async provision(
    connection: Connection,
    identity: UpstreamIdentity,
    address: ClaimedAddress,
    origin: RequestOrigin,
  ): Promise<LinkedUser | null> {
    if (connection.settings.jitProvisioning !== 'on') throw refused('nobody_is_provisioned');
    const use = address.isProven ? 'admin' : 'registration';
    if (await this.mailboxes.refusalOf(address.email, use)) throw refused('mailbox_refused');
    try {
      return await this.dataSource.transaction((tx) => this.make(connection, identity, address, origin, tx));
    } catch (error) {
      if (error instanceof Outrun) return null;
      throw error;
    }
  }

  private async make(
    connection: Connection,
    identity: UpstreamIdentity,
    { email, isProven }: ClaimedAddress,
    origin: RequestOrigin,
    tx: EntityManager,
  ): Promise<LinkedUser> {
    causedBy(origin, tx);
    // The account belongs to the person who proves the address, who may be another one.
    const roles = isProven ? mappedRoles(connection, identity) : [];
    const emailVerifiedAt = isProven ? this.clock.now() : null;
    const user = await this.users.insert({ email, name: nameOf(identity), emailVerifiedAt, roles }, tx);
    if (!user) throw new Outrun();
    const linked = await this.identities.link(
      { userId: user.id, connection, identity, isLogin: true, rolesGiven: roles },
      tx,
    );
    if (!linked) throw new Outrun();
    if (!isProven) await this.awaitProof(user, email, tx);
    const facts = { userId: user.id, connection: connection.slug, origin };
    await this.audit.record({ type: 'user.provisioned', ...facts, roles }, tx);
    await this.audit.record({ type: 'identity.linked', ...facts, by: 'provisioning' }, tx);
    if (isAdmin(user)) await this.alerts.send('made_admin', user, null, tx, labelOf(connection));
    return { user, identityId: linked.id, isNew: true };
  }

  private async awaitProof({ id }: UserRecord, email: string, tx: EntityManager): Promise<void> {
    await this.unproven.add(id, tx);
    await this.verifications.enqueue(email, tx);
  }
}

/** Another request was a moment faster. */
class Outrun extends Error {}

function nameOf({ name }: UpstreamIdentity): string | null {
  const trimmed = name?.replace(/[\p{Cc}\p{Cs}]/gu, '').trim() ?? '';
  return trimmed === '' || trimmed.length > MOST_CHARACTERS ? null : trimmed;
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
