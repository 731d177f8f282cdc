import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditOutboxEntity } from '../audit/audit-outbox.entity.js';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

/** A delivery that was given up. */
export interface DeadLetter {
  readonly eventId: string;
  readonly destination: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly deadAt: Date;
}

/** The deliveries that were given up, in the table `audit_outbox`. */
@Injectable()
export class WebhookOutbox {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The latest first. */
  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const query = this.dataSource.getRepository(AuditOutboxEntity).createQueryBuilder('letter');
    query.where('letter.deadAt IS NOT NULL').orderBy('letter.deadAt', 'DESC').limit(limit);
    return (await query.getMany()) as DeadLetter[];
  }

  /** Begins anew with what was given up, of one destination, and has it audited; returns how many. */
  async revive(destination: string, by: Pick<AuditEvent, 'actorId' | 'origin'>): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [, revived]: [unknown, number] = await manager.query(
        'UPDATE coatcheck.audit_outbox SET dead_at = NULL, attempts = 0, due_at = $2 WHERE destination = $1 AND dead_at IS NOT NULL',
        [destination, this.clock.now()],
      );
      await this.audit.record({ type: 'webhook.revived', destination, revived, ...by }, manager);
      return revived;
    });
  }
}
