import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { UserStore } from '../users/user.store.js';
import { Usernames } from './usernames.js';

/** Who changes it, and where. */
export interface UsernameOwner {
  readonly userId: string;
  readonly sessionId: string;
  readonly origin: RequestOrigin;
}

/** Changes of one's own username. */
@Injectable()
export class OwnUsername {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly usernames: Usernames,
    private readonly audit: AuditSink,
  ) {}

  /** @throws AuthError `conflict` when it cannot be had; `session_ended` when the user was deleted meanwhile */
  async choose(username: string, { userId, ...by }: UsernameOwner): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.users.find(userId, tx))) throw new AuthError('session_ended', { reason: 'user_deleted' });
      await this.usernames.take(userId, username, true, tx);
      await this.audit.record({ type: 'username.changed', userId, ...by }, tx);
    });
  }

  /** Nothing happens to a user without one. */
  async giveUp({ userId, ...by }: UsernameOwner): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await this.users.find(userId, tx);
      if (await this.usernames.release(userId, tx))
        await this.audit.record({ type: 'username.removed', userId, ...by }, tx);
    });
  }
}
