import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { PasswordSetup } from '../credentials/password-setup.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { Lockout } from '../lockout/lockout.js';
import { Revocations } from '../revocation/revocations.js';
import { AccountSecurity } from '../security/account-security.js';
import { AdministratorAlerts, isAdministrator, markOf } from '../security/administrator-alerts.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import { Administrators } from '../users/administrators.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { UserDirectory, type UserQuery, type UserStatus } from '../users/user-directory.js';
import { OperatedAddresses } from './operated-addresses.service.js';
import type { Operator } from './operator.js';
import { assertReaches, type Reach } from './powers-over-administrators.js';
import { assertFitsServiceUser } from './service-users.js';

/** A user whom an operator makes. */
export interface UserOrder {
  /** A service user is made by `ServiceUsers`. */
  readonly email: string;
  /** Absent: a link to choose one is mailed. */
  readonly password?: string | undefined;
  readonly name?: string | null | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly emailVerified?: boolean | undefined;
}

/** What an operator may change about a user besides roles and standing. */
export type UserAmendment = Partial<Pick<UserOrder, 'email' | 'name' | 'emailVerified'>>;

/** Which users an operator looks for. */
export interface UserListQuery extends Pick<UserQuery, 'search' | 'before' | 'limit' | 'kind'> {
  readonly status?: UserStatus | undefined;
}

/** A storm locks out many; nobody reads more of them. */
const MOST_LOCKED = 10_000;

/** Users as operators list, make, change and remove them. */
@Injectable()
export class OperatedUsers {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly directory: UserDirectory,
    private readonly administrators: Administrators,
    private readonly passwords: PasswordSetup,
    private readonly addresses: UnprovenAddresses,
    private readonly lockout: Lockout,
    private readonly security: AccountSecurity,
    private readonly alerts: AdministratorAlerts,
    private readonly moves: OperatedAddresses,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  async list({ status, ...query }: UserListQuery): Promise<UserRecord[]> {
    const now = this.clock.now();
    if (status === 'locked') return this.directory.list({ ...query, among: await this.locked(), now });
    const notAmong = status === 'active' || status === 'unverified' ? await this.locked() : [];
    return this.directory.list({ ...query, status, notAmong, now });
  }

  /** Ids of those who are locked out now. */
  locked(): Promise<string[]> {
    return this.lockout.lockedUsers(MOST_LOCKED);
  }

  /** @throws AuthError `not_found` */
  async get(id: string, within?: EntityManager): Promise<UserRecord> {
    const user = await this.users.find(id, within);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    return user;
  }

  /** @throws AuthError `conflict` when there is a user of that address; `validation_failed` for the password */
  async create(order: UserOrder, by: Operator): Promise<UserRecord> {
    const { password, name = null, roles = [] } = order;
    const email = canonicalEmail(order.email)!;
    const setPassword = password === undefined ? null : await this.passwords.prepare(password, { email, name });
    const emailVerifiedAt = order.emailVerified ? this.clock.now() : null;
    const make = async (manager: EntityManager) => {
      const user = await this.users.insert({ email, name, roles, emailVerifiedAt }, manager);
      if (!user) throw new AuthError('conflict', { reason: 'address_taken' });
      if (setPassword) await setPassword(user.id, manager);
      else await this.passwords.mailLink(email, manager);
      await this.audit.record({ type: 'user.created', userId: user.id, roles, ...by }, manager);
      if (roles.includes(ADMIN_ROLE)) await this.alerts.send('has made an administrator of', user, by.actorId, manager);
      return user;
    };
    return this.addresses.claim(email, by, () => this.dataSource.transaction(make));
  }

  /**
   * Changes what the wish names and is not so already. Another address, and one that is no longer verified, end the user's sessions.
   *
   * @throws AuthError `not_found`; `conflict` when the address is somebody else's, or the operator's own; `forbidden` for the address of
   *   another administrator
   */
  async amend(id: string, wish: UserAmendment, by: Operator): Promise<UserRecord> {
    const user = await this.get(id);
    if (user.kind === 'service') assertFitsServiceUser({ ...wish }, { isNew: false });
    const { name } = wish;
    const { email, isVerified } = this.moves.changesOf(user, wish);
    if (email !== undefined || isVerified !== undefined) await this.moves.change(user, { name, email, isVerified }, by);
    else if (name !== undefined) await this.rename(id, name, by);
    return this.get(id);
  }

  /**
   * All that belongs to the user goes too.
   *
   * @throws AuthError `not_found`; `conflict` for oneself and the last administrator; `forbidden` for one who is spared
   */
  async delete(id: string, by: Operator, reach: Reach = {}): Promise<void> {
    if (id === by.actorId) throw new AuthError('conflict', { reason: 'operator_deletes_self' });
    await this.security.apply('deleted', { userId: id, ...by, details: markOf }, async (user, tx) => {
      assertReaches(reach, user);
      await this.administrators.assertDispensable(user, tx);
      if (isAdministrator(user)) await this.alerts.send('has deleted', user, by.actorId, tx);
      await this.users.delete(id, tx);
    });
  }

  private async rename(id: string, name: string | null, by: Operator): Promise<void> {
    const news = [{ subject: `user:${id}`, kind: 'changed' }] as const;
    await this.dataSource.transaction(async (manager) => {
      await this.get(id, manager);
      await this.audit.record({ type: 'user.updated', userId: id, fields: ['name'], ...by }, manager);
      await this.users.update(id, { name }, manager);
      await this.revocations.announce(news, manager);
    });
    await this.revocations.settle(news);
  }
}
