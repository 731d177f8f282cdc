import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuthError } from '../kernel/auth-error.js';
import { AccountSecurity } from '../security/account-security.js';
import { AdminAlerts, isAdmin, markOf } from '../security/admin-alerts.js';
import type { SecurityEventParams } from '../security/security-event-params.js';
import type { SecurityEventName } from '../security/security-table.js';
import type { UserRecord } from '../users/user.store.js';
import type { FactorChange } from './credential-mail-templates.js';
import { Enrolments } from './enrolments.js';
import type { Factor } from './factor.js';
import { FactorChangeNotifications } from './factor-change-notifications.js';
import { FactorsHolding } from './factors.holding.js';
import { Factors } from './factors.js';

import { LoginPolicy } from './login-policy.js';
import { PrescribedLogins } from './prescribed-logins.js';

/** Which factor changes, and the kind of change that its user is told by mail. */
export interface ChangedFactor {
  readonly factor: Factor;
  readonly change: FactorChange;
}

/** Changes of factors within their transactions: what is noted, who is notified, and what cannot be removed. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly factors: Factors,
    private readonly enrolments: Enrolments,
    private readonly policy: LoginPolicy,
    private readonly security: AccountSecurity,
    private readonly holding: FactorsHolding,
    private readonly notifications: FactorChangeNotifications,
    private readonly alerts: AdminAlerts,
    private readonly prescribed: PrescribedLogins,
  ) {}

  /**
   * Sees to what follows the change of a factor, in its transaction.
   *
   * @throws AuthError `conflict` for a removal that would leave too little
   */
  async follow(
    event: SecurityEventName,
    { factor, change }: ChangedFactor,
    user: UserRecord,
    origin: RequestOrigin,
    tx: EntityManager,
  ): Promise<void> {
    const backups = this.factors.all.filter(({ isBackup }) => isBackup);
    // Of what only begins logins, nothing is due after a first proof.
    const noted = [factor, ...backups].filter(({ canFollow }) => canFollow);
    for (const each of new Set(noted)) await this.enrolments.note(user.id, each, tx);
    if (event === 'factor_removed') await this.settleRemoval(user, tx);
    // What is left of one that was removed is not what this tells of.
    const since = event === 'factor_removed' ? undefined : await this.newestOf(factor, user, tx);
    await this.notifications.send(user, change, origin, tx, since);
  }

  /**
   * Removes all second factors and passkeys of a user, who is told: when an admin says so. All sessions end.
   *
   * @throws AuthError `not_found`
   */
  async reset(userId: string, by: Pick<SecurityEventParams, 'actorId' | 'actorSession' | 'origin'>): Promise<void> {
    const params = { userId, ...by, details: markOf };
    await this.security.apply('factors_reset', params, async (user, tx) => {
      await this.notifications.send(user, 'factors_reset_by_admin', null, tx);
      if (isAdmin(user)) await this.alerts.send('factors_reset', user, by.actorId ?? null, tx);
    });
  }

  /** When what the user has of it was last enrolled. */
  private async newestOf(factor: Factor, { id }: UserRecord, tx: EntityManager): Promise<Date | undefined> {
    const times = (await factor.enrolledBy(id, tx)).map(({ enrolledAt }) => enrolledAt.getTime());
    return times.length === 0 ? undefined : new Date(Math.max(...times));
  }

  private async settleRemoval(user: UserRecord, tx: EntityManager): Promise<void> {
    await this.holding.dropLonelyBackups(user.id, tx);
    const enrolled = (await this.factors.enrolledBy(user.id, tx)).filter(({ beginsOnly }) => !beginsOnly);
    const left = enrolled.map(({ factor }) => this.factors.named(factor));
    if (!(await this.hasWayIn(left, user))) throw new AuthError('conflict', { reason: 'last_way_in' });
    if (!this.policy.requires(user)) return;
    const sufficient = this.policy.sufficientFor(user);
    if (left.some(({ name, isBackup }) => !isBackup && sufficient.includes(name))) return;
    throw new AuthError('conflict', { reason: 'factor_required_by_policy' });
  }

  /** Where a login is prescribed, no other factor is one. */
  private async hasWayIn(left: readonly Factor[], user: UserRecord): Promise<boolean> {
    const prescribed = user.email === null ? null : await this.prescribed.loginFor(user.email, user);
    return left.some(({ canBegin, name }) => canBegin && (prescribed === null || prescribed.factor === name));
  }
}
