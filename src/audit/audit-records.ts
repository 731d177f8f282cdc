import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuditEventEntity } from './audit-event.entity.js';

/** Which events are looked for; what is absent does not matter. */
export interface AuditFilter {
  /** Whom it happened to. */
  readonly userId?: string;
  /** `subject.what_happened`, or `subject.` for all of a subject. */
  readonly type?: string;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
  /** Only events older than this one, by its id. */
  readonly before?: string;
}

/** Reading what happened. */
@Injectable()
export class AuditRecords {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The newest first, at most `limit`. */
  async find({ userId, type, from, to, before }: AuditFilter, limit: number): Promise<AuditEventEntity[]> {
    const query = this.dataSource.getRepository(AuditEventEntity).createQueryBuilder('event');
    if (userId !== undefined) query.andWhere('event.userId = :userId', { userId });
    // As the index `audit_events_room_idx` has it: a range of types would be in another order than the ids.
    if (type?.endsWith('.')) query.andWhere("split_part(event.type, '.', 1) = :room", { room: type.slice(0, -1) });
    else if (type !== undefined) query.andWhere('event.type = :type', { type });
    // By the instant within the id: then every filter is a range of an index that is in the order of the ids already.
    if (from) query.andWhere('event.id >= :from', { from: firstIdOf(from) });
    if (to) query.andWhere('event.id < :to', { to: firstIdOf(to) });
    if (before !== undefined) query.andWhere('event.id < :before', { before });
    return query.orderBy('event.id', 'DESC').limit(limit).getMany();
  }
}

/** The least UUIDv7 of an instant. */
function firstIdOf(instant: Date): string {
  const milliseconds = Math.max(0, instant.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`;
}
