import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { PasswordSetup } from '../credentials/password-setup.js';
import { RoleChanges } from '../credentials/role-changes.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { FactorAttempts } from '../lockout/factor-attempts.js';
import { FactorFailures } from '../lockout/factor-failures.js';
import { Lockout } from '../lockout/lockout.js';
import { causedBy } from '../mail/mail-cause.js';
import { Revocations } from '../revocation/revocations.js';
import { AccountSecurity } from '../security/account-security.js';
import { audited } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { AdminAlerts, isAdmin, markOf } from '../security/admin-alerts.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { Admins } from '../users/admins.js';
import { requireEmail } from '../users/require-email.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { AdminActor } from './admin-actor.js';
import type { AdminChange } from './admin-mail-templates.js';
import { AdminUsersService } from './admin-users.service.js';
import { assertReaches, type Reach } from './powers-over-admins.js';
import { assertPerson } from './service-users.js';

/** Parameters of a ban. */
export interface BanParams extends Reach {
  /** For admins only. */
  readonly reason?: string | undefined;
  /** When it ends by itself; absent: never. */
  readonly until?: Date | undefined;
}

/** Bans, roles and logouts: each bites on every node before the call returns. */
@Injectable()
export class AdminUserStatusService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly adminUsers: AdminUsersService,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly passwords: PasswordSetup,
    private readonly lockout: Lockout,
    private readonly factorFailures: FactorFailures,
    private readonly factorAttempts: FactorAttempts,
    private readonly roleChanges: RoleChanges,
    private readonly security: AccountSecurity,
    private readonly actors: ActorsInForce,
    private readonly alerts: AdminAlerts,
    private readonly notifications: SecurityNotifications,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends everything the user holds, and refuses logins as them.
   *
   * @throws AuthError `not_found`; `conflict` for oneself and the last admin; `forbidden` for an admin who is exempt;
   *   `validation_failed` for an end that is past
   */
  async ban(id: string, { reason, until, ...reach }: BanParams, by: AdminActor): Promise<void> {
    if (id === by.actorId) throw new AuthError('conflict', { reason: 'admin_bans_self' });
    if (until && until <= this.clock.now()) throw pastEnd();
    await this.security.apply('banned', { userId: id, ...by, reason, details: markOf }, async (user, tx) => {
      assertReaches(reach, user);
      if (isAdmin(user)) await this.alerts.send('banned', user, by.actorId, tx);
      await this.admins.assertNotLastAdmin(user, tx);
      const ban = { bannedAt: this.clock.now(), bannedUntil: until ?? null, banReason: reason ?? null };
      await this.users.update(id, ban, tx);
    });
  }

  /** No session comes back. @throws AuthError `not_found` */
  async unban(id: string, by: AdminActor): Promise<void> {
    const announcements = [{ subject: `user:${id}`, kind: 'changed' }] as const;
    await this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager, id);
      await this.adminUsers.get(id, manager);
      await this.audit.record({ type: 'user.unbanned', userId: id, ...audited(by) }, manager);
      await this.users.update(id, { bannedAt: null, bannedUntil: null, banReason: null }, manager);
      await this.revocations.announce(announcements, manager);
    });
    await this.revocations.settle(announcements);
  }

  /**
   * Older access tokens are refreshed before they count again. Sessions go on, unless the roles ask for a second factor that was not due
   * before, or are not content with each that was enough before: those were made with less.
   *
   * @throws AuthError `not_found`; `conflict` when the last admin would lose the role
   */
  async setRoles(id: string, roles: readonly string[], by: AdminActor): Promise<UserRecord> {
    await this.roleChanges.make({ userId: id, ...by }, async (user, tx) => {
      await this.tellOfRoles(user, roles, by, tx);
      return roles;
    });
    return this.adminUsers.get(id);
  }

  /** Ends all sessions. @throws AuthError `not_found` */
  async logOut(id: string, by: AdminActor): Promise<void> {
    await this.security.apply('logged_out_by_admin', { userId: id, ...by });
  }

  /** Lets a user who was locked out try again at once. @throws AuthError `not_found` */
  async unlock(id: string, by: AdminActor): Promise<void> {
    const { email } = await this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager, id);
      const user = await this.adminUsers.get(id, manager);
      // A service user never logs in, so nothing can lock it out.
      if (user.email !== null) await this.lockout.clear({ id, email: user.email }, manager);
      await this.factorFailures.forgive(id, manager);
      await this.audit.record({ type: 'login.unlocked', userId: id, ...audited(by) }, manager);
      return user;
    });
    if (email !== null) await this.lockout.allowTries({ id, email });
    await this.factorAttempts.allowTries(id);
  }

  /** Mails a link to choose a new password. @throws AuthError `not_found`; `conflict` for a service user */
  async mailPasswordReset(id: string, by: AdminActor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      causedBy(by.origin, manager);
      await this.actors.assert(by, manager, id);
      const user = await this.adminUsers.get(id, manager);
      assertPerson(user);
      await this.passwords.mailLink(requireEmail(user), manager);
      const event = { type: 'password.reset_requested' as const, userId: id, ...markOf(user), ...audited(by) };
      await this.audit.record(event, manager);
      if (!isAdmin(user)) return;
      await this.tell('password_reset_mailed', user, manager);
      await this.alerts.send('password_reset_mailed', user, by.actorId, manager);
    });
  }

  private async tellOfRoles(before: UserRecord, roles: readonly string[], by: AdminActor, tx: EntityManager) {
    const isSame =
      new Set([...before.roles, ...roles]).size === new Set(roles).size && roles.length === before.roles.length;
    if (isSame) return;
    await this.tell('roles_changed', before, tx);
    if (!isAdmin(before) && !isAdmin({ ...before, roles })) return;
    await this.alerts.send('roles_changed', before, by.actorId, tx);
  }

  private tell(change: AdminChange, user: UserRecord, tx: EntityManager): Promise<void> {
    return this.notifications.send('changed-by-admin', user, { at: this.clock.now().toISOString(), change }, tx);
  }
}

function pastEnd(): AuthError {
  const errors = [{ field: 'untilAt', rule: 'isInFuture', message: 'untilAt must be in the future' }];
  return new AuthError('validation_failed', { reason: 'ban_ends_before_it_begins', errors });
}
