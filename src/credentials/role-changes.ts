import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { AccountSecurity } from '../security/account-security.js';
import { isAdmin, markOf } from '../security/admin-alerts.js';
import type { SecurityEventParams } from '../security/security-event-params.js';
import { ActingSessions } from '../sessions/acting-sessions.js';
import { Admins } from '../users/admins.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { LoginPolicy } from './login-policy.js';

/** Whose roles change, and by whom. */
export type RoleChange = Pick<
  SecurityEventParams,
  'userId' | 'origin' | 'actorId' | 'actorSession' | 'epoch' | 'ifGone' | 'ifSuperseded'
> & {
  /** Further details for the audit; no secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Says what the roles are to be, of the user as locked. */
export type RolesOf = (user: UserRecord, tx: EntityManager) => Promise<readonly string[]>;

/** Changes the roles of users: by admins, and by logins elsewhere. */
@Injectable()
export class RoleChanges {
  constructor(
    private readonly security: AccountSecurity,
    private readonly policy: LoginPolicy,
    private readonly admins: Admins,
    private readonly acting: ActingSessions,
    private readonly users: UserStore,
  ) {}

  /**
   * Older access tokens are refreshed before they count again: `UserStore.update` raises the user's `revision`, which `JwtStrategy` compares.
   * Sessions go on, unless the roles ask for a second factor that was not due before, or are not content with each that was enough before:
   * those were made with less.
   *
   * @returns the epoch in which a session that is to outlive it must be started; null when no session was ended
   * @throws AuthError `not_found`; `conflict` when the last admin would lose the role
   */
  async make({ userId, details = {}, ...by }: RoleChange, rolesOf: RolesOf): Promise<number | null> {
    let roles: readonly string[] = [];
    const params = {
      ...{ userId, ...by },
      details: (user: UserRecord) => ({ ...markOf(user), ...details, roles }),
      isMoreRequired: (before: UserRecord) => this.asksForMore({ id: userId, roles }, before),
    };
    const { sessionEpoch } = await this.security.apply('roles_changed', params, async (user, tx) => {
      roles = await rolesOf(user, tx);
      await this.write(user, roles, tx);
    });
    return sessionEpoch;
  }

  /**
   * The same, as a part of another change, whose transaction has locked the user. Only to take roles away: what they ask for is not looked at.
   *
   * @throws AuthError `conflict` when the last admin would lose the role
   */
  async write(user: UserRecord, roles: readonly string[], tx: EntityManager): Promise<void> {
    if (!roles.includes(ADMIN_ROLE)) await this.admins.assertNotLastAdmin(user, tx);
    // While the one is no admin, or the other is, they are refused; they must not live again after that.
    if (isAdmin(user) !== isAdmin({ ...user, roles })) await this.acting.endOf(user.id, tx);
    await this.users.update(user.id, { roles }, tx);
  }

  private asksForMore(after: Pick<UserRecord, 'id' | 'roles'>, before: UserRecord): boolean {
    if (!this.policy.requires(after)) return false;
    const sufficient = this.policy.sufficientFor(after);
    return (
      !this.policy.requires(before) || this.policy.sufficientFor(before).some((name) => !sufficient.includes(name))
    );
  }
}
