import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Clock } from '../kernel/clock.js';
import { FactorFailures } from '../lockout/factor-failures.js';
import { type AddedWayIn, type Ending, Holding, type Period } from '../security/holding.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { UserStore } from '../users/user.store.js';
import type { FactorChange } from './credential-mail-templates.js';
import { Enrolments } from './enrolments.js';
import type { Factor } from './factor.js';
import { Factors } from './factors.js';

/** All second factors and passkeys, whatever feature brings them: each knows by `Factor.removeAllOf` how it ends. */
@Injectable()
export class FactorsHolding extends Holding {
  readonly name = 'factors';
  readonly column = 'factors';

  constructor(
    private readonly factors: Factors,
    private readonly enrolments: Enrolments,
    private readonly failures: FactorFailures,
    private readonly users: UserStore,
    private readonly notifications: SecurityNotifications,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {
    super();
  }

  async end({ userId, event, since, one }: Ending, tx: EntityManager): Promise<void> {
    const before = await this.count(userId, tx);
    const which = { since, id: one?.id ?? undefined };
    for (const factor of this.secondFactors) {
      if (one && one.factor !== factor.name) continue;
      await factor.removeAllOf(userId, tx, which);
      await this.enrolments.note(userId, factor, tx);
    }
    // Wrong codes of factors that are gone.
    if (!one && !since) await this.failures.forgive(userId, tx);
    if (event === 'deleted' || event === 'factors_reset') return;
    await this.dropLonelyBackups(userId, tx);
    if ((await this.count(userId, tx)) < before) await this.tell(userId, event, tx);
  }

  override async addedWithin({ userId, since, before }: Period, tx: EntityManager): Promise<readonly AddedWayIn[]> {
    const kept: AddedWayIn[] = [];
    for (const factor of this.secondFactors) {
      const added = { kind: factor.name, detail: '', what: factor.title };
      for (const { enrolledAt: addedAt } of await factor.enrolledBy(userId, tx))
        if (addedAt >= since && addedAt < before) kept.push({ ...added, addedAt });
    }
    return kept;
  }

  /** Backups alone are no second factor. */
  async dropLonelyBackups(userId: string, tx: EntityManager): Promise<void> {
    const left = (await this.enrolments.within(tx, userId)).map((name) => this.factors.named(name));
    if (left.some(({ isBackup }) => !isBackup)) return;
    for (const backup of left) {
      await backup.removeAllOf(userId, tx);
      await this.enrolments.note(userId, backup, tx);
    }
  }

  private get secondFactors(): readonly Factor[] {
    return this.factors.all.filter(({ canFollow }) => canFollow);
  }

  private async count(userId: string, tx: EntityManager): Promise<number> {
    const enrolled = await this.factors.enrolledBy(userId, tx);
    return enrolled.filter(({ factor }) => this.factors.named(factor).canFollow).length;
  }

  private async tell(userId: string, reason: string, tx: EntityManager): Promise<void> {
    const user = await this.users.find(userId, tx);
    if (!user) return;
    await this.audit.record({ type: 'factor.reset', userId, reason }, tx);
    const isFirstProof = reason === 'mailbox_proven';
    const change: FactorChange = isFirstProof ? 'unproven_factors_removed' : 'factors_removed';
    const values = { change, left: null, at: this.clock.now().toISOString(), device: null };
    await this.notifications.sendWayIn('factor-notice', user, values, { within: tx });
  }
}
