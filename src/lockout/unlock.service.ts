import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { FactorAttempts } from './factor-attempts.js';
import { FactorFailures } from './factor-failures.js';
import { UNLOCK } from './lock-notifications.js';
import { Lockout } from './lockout.js';

/** Unlocks accounts by a mailed link. */
@Injectable()
export class UnlockService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly lockout: Lockout,
    private readonly factorFailures: FactorFailures,
    private readonly factorAttempts: FactorAttempts,
    private readonly audit: AuditSink,
  ) {}

  /** Consumes the token. The user is not logged in. @throws AuthError `invalid_token` */
  async unlock(token: string, caller: Caller): Promise<void> {
    const { userId: lockedId } = await this.tokens.peek(token, UNLOCK);
    const user = await this.dataSource.transaction(async (manager) => {
      await this.users.find(lockedId, manager);
      const { userId, email } = await this.tokens.consume(token, UNLOCK, manager);
      await this.audit.record({ type: 'login.unlocked', userId, origin: caller }, manager);
      await this.lockout.clear({ id: userId, email }, manager);
      await this.factorFailures.forgive(userId, manager);
      return { id: userId, email };
    });
    await this.lockout.allowTries(user);
    await this.factorAttempts.allowTries(user.id);
  }
}
