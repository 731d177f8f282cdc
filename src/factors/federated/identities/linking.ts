import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuditSink } from '../../../audit/audit-sink.js';
import { FactorChangeNotifications } from '../../../credentials/factor-change-notifications.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { causedBy } from '../../../mail/mail-cause.js';
import { AccountSecurity } from '../../../security/account-security.js';
import { AdminAlerts, isAdmin, markOf } from '../../../security/admin-alerts.js';
import { EffectiveSecurityTable } from '../../../security/effective-security-table.js';
import { SecurityNotifications } from '../../../security/security-notifications.js';
import type { SecurityEventName } from '../../../security/security-table.js';
import { EmailChanges } from '../../../users/email-changes.js';
import { isBanned, type UserRecord, UserStore } from '../../../users/user.store.js';
import { EmailVerificationService } from '../../../verification/email-verification.service.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import { FederatedIdentities } from './federated-identities.js';
import type { LinkedUser } from './linked-user.js';

/** An identity that is to be linked to a user automatically. */
export interface VouchedLink {
  readonly connection: Connection;
  readonly identity: UpstreamIdentity;
  /** Canonical, and proven by the provider. */
  readonly email: string;
  readonly origin: RequestOrigin;
}

/**
 * Links a login elsewhere to the user of its address, where an admin takes the provider's word for the address and the provider says that it is
 * verified.
 */
@Injectable()
export class Linking {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly identities: FederatedIdentities,
    private readonly verifications: EmailVerificationService,
    private readonly security: AccountSecurity,
    private readonly table: EffectiveSecurityTable,
    private readonly emailChanges: EmailChanges,
    private readonly notifications: SecurityNotifications,
    private readonly changeNotifications: FactorChangeNotifications,
    private readonly alerts: AdminAlerts,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * To a user who has proven the address here it is added; the user is told, and can take it back. For any other, and for one who was moved to
   * the address while that can be taken back, it is the proof: everything that was set up before it ends, the password too.
   *
   * @returns null when the identity, or the address, is another's meanwhile
   * @throws AuthError `user_banned`
   */
  async link(user: UserRecord, link: VouchedLink): Promise<LinkedUser | null> {
    if (isBanned(user, this.clock.now())) throw new AuthError('user_banned', { reason: 'banned_user_links_nothing' });
    try {
      return (await this.isProvenOwner(user)) ? await this.add(user, link) : await this.prove(user, link);
    } catch (error) {
      if (error instanceof Outrun) return null;
      throw error;
    }
  }

  /** The person who moved an account to an address may not be its owner, who would then share the account with them. */
  private async isProvenOwner(user: UserRecord, within: EntityManager = this.dataSource.manager): Promise<boolean> {
    return user.emailVerifiedAt !== null && !(await this.emailChanges.hasMovedLately(user, within));
  }

  private add({ id }: UserRecord, link: VouchedLink): Promise<LinkedUser> {
    return this.dataSource.transaction(async (tx) => {
      const user = await this.users.find(id, tx);
      if (!user || user.email !== link.email || !(await this.isProvenOwner(user, tx))) throw new Outrun();
      const identityId = await this.insert(user, link, 'address', tx);
      await this.changeNotifications.send(user, 'linked_login_added', link.origin, tx);
      return { user, identityId };
    });
  }

  private async prove({ id: userId }: UserRecord, link: VouchedLink): Promise<LinkedUser> {
    const { connection, email, origin } = link;
    const details = { by: 'federated', connection: connection.slug };
    // Links that a stranger may have added before are removed in the change, or this link would be removed with them.
    const params = { userId, origin, details, ifGone: new Outrun(), replaces: ['federatedIdentities'] as const };
    const { result, sessionEpoch } = await this.security.apply(eventOf, params, async (user, tx) => {
      if (user.email !== email || (await this.isProvenOwner(user, tx))) throw new Outrun();
      if (await this.endsEarlierOnes(user, tx)) await this.identities.remove({ userId }, tx);
      await this.verifications.proveByReset(user, tx);
      const identityId = await this.insert(user, link, 'proof', tx);
      const values = { at: this.clock.now().toISOString(), provider: labelOf(connection) };
      await this.notifications.send('linked-login-proved', user, values, tx);
      return identityId;
    });
    const user = await this.users.find(userId);
    if (!user) throw new Outrun();
    // Of the event's epoch: an event that has ended all sessions since then ends this login too.
    return { user: { ...user, sessionEpoch: sessionEpoch ?? user.sessionEpoch }, identityId: result };
  }

  /** As the table says of what was linked before. */
  private async endsEarlierOnes(user: UserRecord, tx: EntityManager): Promise<boolean> {
    const extent = this.table.rowOf(eventOf(user)).federatedIdentities;
    return extent === 'all' || (extent === 'ifMoved' && (await this.emailChanges.hasMovedLately(user, tx)));
  }

  private async insert(
    user: UserRecord,
    { connection, identity, origin }: VouchedLink,
    by: string,
    tx: EntityManager,
  ): Promise<string> {
    causedBy(origin, tx);
    const { id: userId } = user;
    const linked = await this.identities.link({ userId, connection, identity, isLogin: true }, tx);
    if (!linked) throw new Outrun();
    const facts = { userId, connection: connection.slug, origin, ...markOf(user) };
    await this.audit.record({ type: 'identity.linked', ...facts, by }, tx);
    // An admin who may configure a connection could log in by it as any other admin, so the other admins are told.
    if (isAdmin(user)) await this.alerts.send('login_linked', user, null, tx, labelOf(connection));
    return linked.id;
  }
}

/** Another request was a moment faster. */
class Outrun extends AuthError {
  constructor() {
    super('invalid_credentials', { reason: 'linked_meanwhile' });
  }
}

/** The first proof of a mailbox ends all that a stranger may have set up; a later one ends what might be another user's. */
function eventOf({ firstVerifiedAt }: UserRecord): SecurityEventName {
  return firstVerifiedAt === null ? 'mailbox_proven' : 'mailbox_proven_elsewhere';
}
