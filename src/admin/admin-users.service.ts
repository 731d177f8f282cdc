import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { PasswordSetup } from '../credentials/password-setup.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { Lockout } from '../lockout/lockout.js';
import { causedBy } from '../mail/mail-cause.js';
import { Revocations } from '../revocation/revocations.js';
import { AccountSecurity } from '../security/account-security.js';
import { audited } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { AdminAlerts, isAdmin, markOf } from '../security/admin-alerts.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import { Admins } from '../users/admins.js';
import { merged } from '../users/declared-user-fields.js';
import { MailboxPolicy } from '../users/mailbox-policy.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { DescriptionChanges } from '../users/user-descriptions.js';
import { UserDirectory, type UserListPage, type UserQuery, type UserStatus } from '../users/user-directory.js';
import type { AdminActor } from './admin-actor.js';
import { AdminAddressesService } from './admin-addresses.service.js';
import { assertReaches, type Reach } from './powers-over-admins.js';
import { assertFitsServiceUser } from './service-users.js';

/** A user whom an admin makes. */
export interface CreateUserParams {
  /** A service user is made by `ServiceUsers`. */
  readonly email: string;
  /** Absent: a link to choose one is mailed. */
  readonly password?: string | undefined;
  readonly name?: string | null | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly emailVerified?: boolean | undefined;
  /** Validated; of a change, those that change, null for one to remove. */
  readonly fields?: UserFieldValues | undefined;
}

/** The properties of a user that an admin may change, besides roles and status. */
export type UpdateUserParams = Partial<Pick<CreateUserParams, 'email' | 'name' | 'emailVerified' | 'fields'>>;

/** Which users an admin looks for. */
export interface UserListQuery extends Pick<UserQuery, 'search' | 'before' | 'limit' | 'kind'> {
  readonly status?: UserStatus | undefined;
}

/** A storm locks out many, and an admin reads no more of them than these. */
const MOST_LOCKED = 10_000;

/** Users as admins list, make, change and remove them. */
@Injectable()
export class AdminUsersService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly directory: UserDirectory,
    private readonly admins: Admins,
    private readonly mailboxes: MailboxPolicy,
    private readonly passwords: PasswordSetup,
    private readonly addresses: UnprovenAddresses,
    private readonly lockout: Lockout,
    private readonly security: AccountSecurity,
    private readonly actors: ActorsInForce,
    private readonly alerts: AdminAlerts,
    private readonly moves: AdminAddressesService,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  async list({ status, ...query }: UserListQuery): Promise<UserListPage> {
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
  async create(params: CreateUserParams, by: AdminActor): Promise<UserRecord> {
    const { password, name = null, roles = [] } = params;
    const email = canonicalEmail(params.email)!;
    await this.mailboxes.assertTaken(email, 'admin');
    const setPassword = password === undefined ? null : await this.passwords.prepare(password, { email, name });
    const emailVerifiedAt = params.emailVerified ? this.clock.now() : null;
    const fields = merged(null, params.fields ?? {});
    const make = async (manager: EntityManager) => {
      causedBy(by.origin, manager);
      await this.actors.assert(by, manager);
      const user = await this.users.insert({ email, name, roles, emailVerifiedAt, fields }, manager);
      if (!user) throw new AuthError('conflict', { reason: 'address_taken' });
      if (setPassword) await setPassword(user.id, manager);
      else await this.passwords.mailLink(email, manager);
      await this.audit.record({ type: 'user.created', userId: user.id, roles, ...audited(by) }, manager);
      if (roles.includes(ADMIN_ROLE)) await this.alerts.send('made_admin', user, by.actorId, manager);
      return user;
    };
    return this.addresses.claim(email, by, () => this.dataSource.transaction(make));
  }

  /**
   * Changes what `changes` names and is not so already. Another address, and one that is no longer verified, end the user's sessions.
   *
   * @throws AuthError `not_found`; `conflict` when the address is another user's, or the admin's own; `forbidden` for the address of
   *   another admin
   */
  async amend(id: string, params: UpdateUserParams, by: AdminActor): Promise<UserRecord> {
    const user = await this.get(id);
    if (user.kind === 'service') assertFitsServiceUser({ ...params }, { isNew: false });
    const { name, fields = {} } = params;
    const { email, isVerified } = this.moves.changesOf(user, params);
    if (email !== undefined) await this.mailboxes.assertTaken(email, 'admin');
    if (email !== undefined || isVerified !== undefined) await this.moves.change(user, { name, email, isVerified }, by);
    else if (name !== undefined) await this.describe(id, { name }, by);
    if (Object.keys(fields).length > 0) await this.describe(id, { fields }, by);
    return this.get(id);
  }

  /**
   * All that belongs to the user goes too.
   *
   * @throws AuthError `not_found`; `conflict` for oneself and the last admin; `forbidden` for an admin who is exempt
   */
  async delete(id: string, by: AdminActor, reach: Reach = {}): Promise<void> {
    if (id === by.actorId) throw new AuthError('conflict', { reason: 'admin_deletes_self' });
    await this.security.apply('deleted', { userId: id, ...by, details: markOf }, async (user, tx) => {
      assertReaches(reach, user);
      await this.admins.assertNotLastAdmin(user, tx);
      if (isAdmin(user)) await this.alerts.send('deleted', user, by.actorId, tx);
      await this.users.delete(id, tx);
    });
  }

  private async describe(id: string, { name, fields }: DescriptionChanges, by: AdminActor): Promise<void> {
    const announcements = [{ subject: `user:${id}`, kind: 'changed' }] as const;
    await this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager, id);
      const user = await this.get(id, manager);
      const named = [...(name === undefined ? [] : ['name']), ...Object.keys(fields ?? {})];
      await this.audit.record({ type: 'user.updated', userId: id, fields: named, ...audited(by) }, manager);
      await this.users.update(id, { name, fields: fields && merged(user.fields, fields) }, manager);
      await this.revocations.announce(announcements, manager);
    });
    await this.revocations.settle(announcements);
  }
}
