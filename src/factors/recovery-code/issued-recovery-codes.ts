import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { RecoveryCodes } from '../../credentials/recovery-codes.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { newRecoveryCode, recoveryCodeHash } from './recovery-code.js';

const SET_SIZE = 10;

/** Recovery codes in the table `recovery_codes`: hashes of them. */
@Injectable()
export class IssuedRecoveryCodes extends RecoveryCodes {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  async issue(userId: string, within: EntityManager): Promise<string[]> {
    const codes = Array.from({ length: SET_SIZE }, newRecoveryCode);
    const issuedAt = this.clock.now();
    await this.deleteAll(userId, within);
    const rows = codes.map((code) => ({ userId, codeHash: recoveryCodeHash(code, userId)!, issuedAt, usedAt: null }));
    await within.insert(RecoveryCodeEntity, rows);
    return codes;
  }

  /** Uses a code up: of any number of uses at once exactly one receives true. One statement. */
  async consume(userId: string, typed: string, within: EntityManager): Promise<boolean> {
    const codeHash = recoveryCodeHash(typed, userId);
    if (codeHash === null) return false;
    const unused = { userId, codeHash, usedAt: IsNull() };
    const { affected } = await within.update(RecoveryCodeEntity, unused, { usedAt: this.clock.now() });
    return affected === 1;
  }

  /** Used ones too. */
  list(userId: string, within?: EntityManager): Promise<RecoveryCodeEntity[]> {
    return (within ?? this.dataSource.manager).findBy(RecoveryCodeEntity, { userId });
  }

  async deleteAll(userId: string, within: EntityManager): Promise<void> {
    await within.delete(RecoveryCodeEntity, { userId });
  }
}
