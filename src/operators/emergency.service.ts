import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { EVERYTHING } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import type { Operator } from './operator.js';

/** For the day when nobody knows who holds what. */
@Injectable()
export class EmergencyService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Ends every session of everybody, the operator's own too, and all that hangs on them. One row is written, whatever their
   * number and their store; returns when no node accepts any of them.
   */
  async revokeAll(by: Operator): Promise<void> {
    const news = [{ subject: EVERYTHING, kind: 'ended' }] as const;
    await this.dataSource.transaction(async (manager) => {
      await this.audit.record({ type: 'operators.revoked_all', ...by }, manager);
      await this.epochs.beginForEverybody(manager);
      await this.revocations.announce(news, manager);
    });
    await this.revocations.settle(news);
  }
}
