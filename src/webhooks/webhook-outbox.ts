import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditEventEntity } from '../audit/audit-event.entity.js';
import { AuditOutboxEntity } from '../audit/audit-outbox.entity.js';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

/** A process that died is succeeded after so long. */
const CLAIM_SECONDS = 120;

/** An event that this process, and no other, is to tell to a destination. */
export interface ClaimedDelivery {
  readonly eventId: string;
  readonly destination: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** A delivery that was given up. */
export interface DeadLetter {
  readonly eventId: string;
  readonly destination: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly deadAt: Date;
}

/** The deliveries yet to be made, in the table `audit_outbox`, which all nodes share. */
@Injectable()
export class WebhookOutbox {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The delivery that has been due for longest; null when none is. Of any number of processes one gets it. */
  async claim(destination: string): Promise<ClaimedDelivery | null> {
    const [rows] = await this.dataSource.query(
      `UPDATE audit_outbox
          SET attempts = attempts + 1, claimed_until = clock_timestamp() + $3 * interval '1 second'
        WHERE destination = $1 AND event_id = (
          SELECT event_id FROM audit_outbox
           WHERE destination = $1 AND dead_at IS NULL AND due_at <= $2 AND claimed_until <= clock_timestamp()
           ORDER BY due_at LIMIT 1
             FOR UPDATE SKIP LOCKED)
       RETURNING event_id, attempts`,
      [destination, this.clock.now(), CLAIM_SECONDS],
    );
    const [row] = rows as { event_id: string; attempts: number }[];
    return row ? { eventId: row.event_id, destination, attempt: row.attempts } : null;
  }

  /** Null when it is so old that it has been deleted. */
  event({ eventId }: ClaimedDelivery): Promise<AuditEventEntity | null> {
    return this.dataSource.manager.findOneBy(AuditEventEntity, { id: eventId });
  }

  async remove({ eventId, destination }: ClaimedDelivery): Promise<void> {
    await this.dataSource.manager.delete(AuditOutboxEntity, { eventId, destination });
  }

  /** To be tried again after so many seconds; null: never. Nothing happens if another process has claimed it meanwhile. */
  async failed({ eventId, destination, attempt }: ClaimedDelivery, error: string, pause: number | null): Promise<void> {
    const end = pause === null ? { deadAt: this.clock.now() } : { dueAt: this.clock.in(pause) };
    const mine = { eventId, destination, attempts: attempt };
    const changes = { ...end, claimedUntil: () => 'clock_timestamp()', lastError: error.slice(0, 200) };
    await this.dataSource.manager.update(AuditOutboxEntity, mine, changes);
  }

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
        'UPDATE audit_outbox SET dead_at = NULL, attempts = 0, due_at = $2 WHERE destination = $1 AND dead_at IS NOT NULL',
        [destination, this.clock.now()],
      );
      await this.audit.record({ type: 'webhook.revived', destination, revived, ...by }, manager);
      return revived;
    });
  }
}
