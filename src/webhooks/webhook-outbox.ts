import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditOutboxEntity } from '../audit/audit-outbox.entity.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { audited, type RequestActor } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';

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
    private readonly actors: ActorsInForce,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The latest first. */
  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const query = this.dataSource.getRepository(AuditOutboxEntity).createQueryBuilder('letter');
    query.where('letter.deadAt IS NOT NULL').orderBy('letter.deadAt', 'DESC').limit(limit);
    return (await query.getMany()) as DeadLetter[];
  }

  /**
   * Begins anew with what was given up, of one destination, and has it audited; returns how many.
   *
   * @throws AuthError `session_ended`, `forbidden` when the admin who acts may not any more
   */
  async revive(destination: string, by: RequestActor): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager);
      const [, revived]: [unknown, number] = await manager.query(
        'UPDATE coatcheck.audit_outbox SET dead_at = NULL, attempts = 0, due_at = $2 WHERE destination = $1 AND dead_at IS NOT NULL',
        [destination, this.clock.now()],
      );
      await this.audit.record({ type: 'webhook.revived', destination, revived, ...audited(by) }, manager);
      return revived;
    });
  }
}
