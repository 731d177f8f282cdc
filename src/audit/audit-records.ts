import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuditEventEntity } from './audit-event.entity.js';

/** Which events are looked for; what is absent does not matter. */
export interface AuditFilter {
  /** Whom it happened to. */
  readonly userId?: string;
  /** `room.what`, or `room.` for all of a room. */
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
    if (type?.endsWith('.'))
      query.andWhere('event.type >= :type AND event.type < :end', { type, end: `${type.slice(0, -1)}/` });
    else if (type !== undefined) query.andWhere('event.type = :type', { type });
    if (from) query.andWhere('event.at >= :from', { from });
    if (to) query.andWhere('event.at < :to', { to });
    if (before !== undefined) query.andWhere('event.id < :before', { before });
    return query.orderBy('event.id', 'DESC').limit(limit).getMany();
  }
}
