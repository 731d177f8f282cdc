import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HttpRequest } from '../access/http-exchange.js';
import type { RequestOrigin } from '../access/request-origin.js';
import { originOf } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { Notices } from '../mail/notices.js';
import { deviceName } from '../sessions/device-name.js';
import { SecurityChanges } from '../sessions/security-changes.js';
import { EmailVerifiedHooks } from '../users/email-verified.hooks.js';
import { SecurityChangeHooks } from '../users/security-change.hooks.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { Enrolments } from './enrolments.js';
import type { Factor } from './factor.js';
import { Factors } from './factors.js';
import { LoginPolicy } from './policy/login-policy.js';

/** Which factor changes, and how its user is told by mail: a sentence without its full stop. */
export interface ChangedFactor {
  readonly factor: Factor;
  readonly told: string;
}

/** Whose factor changes, and the epoch of the session it is changed in; null: that has ended. */
export interface FactorOwner {
  readonly userId: string;
  readonly epoch: number | null;
}

/** Changes of factors within their transactions: what is noted, who is told, and what may not go. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly users: UserStore,
    private readonly factors: Factors,
    private readonly enrolments: Enrolments,
    private readonly policy: LoginPolicy,
    private readonly changes: SecurityChanges,
    private readonly notices: Notices,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    verified: EmailVerifiedHooks,
    hooks: SecurityChangeHooks,
  ) {
    // Whoever planted a factor before the mailbox's owner came would keep the owner out by it.
    verified.add(({ userId }, manager) => this.forgetPlanted(userId, manager));
    hooks.on('user_deleted', async ({ userId }, manager) => this.forgetAll(userId, manager));
  }

  /**
   * Runs `write` for the user, locked, and sees to what follows.
   *
   * @throws AuthError `conflict` for a removal that would leave too little
   * @throws AuthError `session_ended` when that happened meanwhile: what ends sessions must not be answered by a change of theirs
   */
  async make(
    name: string,
    { factor, told }: ChangedFactor,
    { userId, epoch }: FactorOwner,
    write: (user: UserRecord, manager: EntityManager) => Promise<void>,
    request: HttpRequest,
    manager: EntityManager,
  ): Promise<string> {
    const user = await this.lock(userId, manager);
    await write(user, manager);
    const backups = this.factors.all.filter(({ isBackup }) => isBackup);
    for (const each of new Set([factor, ...backups])) await this.enrolments.note(userId, each, manager);
    if (name === 'factor_removed') await this.settleRemoval(user, manager);
    if (user.sessionEpoch !== epoch) throw new AuthError('session_ended', { reason: 'ended_before_the_change' });
    await this.tell(user, told, originOf(request), manager);
    return userId;
  }

  /**
   * Removes all second factors and passkeys of a user, who is told: when an operator says so. All sessions end.
   *
   * @throws AuthError `not_found`
   */
  async reset(userId: string, by: { actorId: string | null; origin: RequestOrigin | null }): Promise<void> {
    await this.changes.make({ name: 'factors_reset', ...by }, async (manager) => {
      const user = await this.users.find(userId, manager);
      if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
      await this.forgetAll(userId, manager);
      await this.tell(user, 'An operator has removed your second factors', null, manager);
      return userId;
    });
  }

  private async lock(userId: string, manager: EntityManager): Promise<UserRecord> {
    const user = await this.users.find(userId, manager);
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    return user;
  }

  private async settleRemoval(user: UserRecord, manager: EntityManager): Promise<void> {
    await this.dropLonelyBackups(user.id, manager);
    const left = (await this.factors.enrolledBy(user.id, manager)).map(({ factor }) => this.factors.named(factor));
    if (!left.some(({ canBegin }) => canBegin)) throw new AuthError('conflict', { reason: 'last_way_in' });
    if (!this.policy.requires(user)) return;
    const sufficient = this.policy.sufficientFor(user);
    if (left.some(({ name, isBackup }) => !isBackup && sufficient.includes(name))) return;
    throw new AuthError('conflict', { reason: 'factor_required_by_policy' });
  }

  private async dropLonelyBackups(userId: string, manager: EntityManager): Promise<void> {
    const left = (await this.enrolments.within(manager, userId)).map((name) => this.factors.named(name));
    if (left.some(({ isBackup }) => !isBackup)) return;
    for (const backup of left) await this.forget(userId, backup, manager);
  }

  private async forgetPlanted(userId: string, manager: EntityManager): Promise<void> {
    const enrolled = await this.enrolments.within(manager, userId);
    await this.forgetAll(userId, manager);
    const user = enrolled.length > 0 && (await this.users.find(userId, manager));
    if (!user) return;
    await this.audit.record({ type: 'users.factors_reset', userId, reason: 'email_verified' }, manager);
    await this.tell(user, 'Second factors from before this address was confirmed were removed', null, manager);
  }

  private async forgetAll(userId: string, manager: EntityManager): Promise<void> {
    for (const factor of this.factors.all) if (factor.canFollow) await this.forget(userId, factor, manager);
  }

  private async forget(userId: string, factor: Factor, manager: EntityManager): Promise<void> {
    await factor.removeAllOf(userId, manager);
    await this.enrolments.note(userId, factor, manager);
  }

  private tell(user: UserRecord, what: string, origin: RequestOrigin | null, manager: EntityManager): Promise<void> {
    const values = { what, at: this.clock.now().toISOString(), device: deviceName(origin?.userAgent ?? null) };
    return this.notices.send('factor-notice', user, values, manager);
  }
}
