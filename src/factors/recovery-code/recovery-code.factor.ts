import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import type { FactorChange } from '../../credentials/credential-mail-templates.js';
import {
  type EnrolledFactor,
  Factor,
  type FactorClaim,
  type FactorSelection,
  isSelected,
} from '../../credentials/factor.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { causedBy } from '../../mail/mail-cause.js';
import { SecurityNotifications } from '../../security/security-notifications.js';
import { UserStore } from '../../users/user.store.js';
import { IssuedRecoveryCodes } from './issued-recovery-codes.js';
import { RecoveryCodeProof } from './recovery-code.proof.js';

const FEW = 3;

/** One of ten codes on paper, for when the other factor is lost. Takes `{ code }`. */
@Injectable()
export class RecoveryCodeFactor extends Factor<RecoveryCodeProof> {
  readonly name = 'recovery_code';
  readonly amr = ['otp'];
  readonly proofClass = RecoveryCodeProof;
  override readonly canFollow = true;
  override readonly isBackup = true;

  override get title(): string {
    return 'a set of recovery codes';
  }

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly codes: IssuedRecoveryCodes,
    private readonly users: UserStore,
    private readonly notifications: SecurityNotifications,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async verify({ user, proof, caller }: FactorClaim<RecoveryCodeProof>): Promise<readonly string[]> {
    await this.dataSource.transaction(async (manager) => {
      causedBy(caller, manager);
      // As of now, and locked: where the account has been moved to since, the notice goes too, and what ends its links finds this one.
      const current = await this.users.find(user.id, manager);
      const left = await this.consume(user.id, proof.code, caller, manager);
      const values = { change: usedOf(left), left, at: this.clock.now().toISOString(), device: null };
      if (current) await this.notifications.sendWayIn('factor-notice', current, values, { within: manager });
    });
    return this.amr;
  }

  /** @returns how many are left */
  private async consume(userId: string, code: string, origin: RequestOrigin, within: EntityManager): Promise<number> {
    if (!(await this.codes.consume(userId, code, within))) {
      throw new AuthError('invalid_credentials', { reason: 'wrong_recovery_code' });
    }
    const left = (await this.codes.list(userId, within)).filter(({ usedAt }) => usedAt === null).length;
    await this.audit.record({ type: 'recovery_code.used', userId, left, origin }, within);
    return left;
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const codes = await this.codes.list(userId, within);
    const [first] = codes;
    if (!first) return [];
    const used = codes.flatMap(({ usedAt }) => usedAt ?? []).sort((one, other) => other.getTime() - one.getTime());
    const remaining = codes.length - used.length;
    const times = { enrolledAt: first.issuedAt, lastUsedAt: used[0] ?? null };
    return [{ factor: this.name, id: null, name: null, ...times, remaining }];
  }

  async removeAllOf(userId: string, within: EntityManager, which: FactorSelection = {}): Promise<void> {
    const [first] = await this.codes.list(userId, within);
    if (first && isSelected(which, first.issuedAt)) await this.codes.deleteAll(userId, within);
  }
}

function usedOf(left: number): FactorChange {
  if (left > FEW) return 'recovery_code_used';
  return left === 0 ? 'last_recovery_code_used' : 'recovery_codes_low';
}
