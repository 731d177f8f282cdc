import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { newestWith } from '../database/keyset.js';
import { AuditEventEntity } from './audit-event.entity.js';

/** A search for events; an absent property does not restrict it. */
export interface AuditFilter {
  /** The user it happened to. */
  readonly userId?: string;
  /** `subject.what_happened`, or `subject.` for all of a subject. */
  readonly type?: string;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
  /** Only events older than this one, by its id. */
  readonly before?: string;
}

/** Finds recorded events. */
@Injectable()
export class AuditRecords {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * The newest first, at most `limit`. By the index of the user, of the type or of the subject, whichever is named first of them: so a page
   * takes as long whether there are few such events or many, of today or of years ago. A user's of one type are picked out of theirs.
   */
  async find({ userId, type, from, to, before }: AuditFilter, limit: number): Promise<AuditEventEntity[]> {
    const query = this.dataSource.getRepository(AuditEventEntity).createQueryBuilder('event');
    // By the instant within the id: then every filter is a range of an index that is in the order of the ids already.
    const first = from && firstIdOf(from);
    const until = [to && firstIdOf(to), before?.toLowerCase()];
    const subject = type?.endsWith('.') ? type.slice(0, -1) : undefined;
    if (userId !== undefined) {
      newestWith(query, 'event.user_id', userId, { from: first, before: until });
      if (subject !== undefined) query.andWhere(`${SUBJECT} = :subject`, { subject });
      else if (type !== undefined) query.andWhere('event.type = :type', { type });
    } else if (subject !== undefined) newestWith(query, SUBJECT, subject, { from: first, before: until });
    else if (type !== undefined) newestWith(query, 'event.type', type, { from: first, before: until });
    else {
      if (first) query.andWhere('event.id >= :first', { first });
      for (const [i, id] of until.entries()) if (id) query.andWhere(`event.id < :until${i}`, { [`until${i}`]: id });
      query.orderBy('event.id', 'DESC');
    }
    return query.limit(limit).getMany();
  }
}

/** As the index `audit_events_group_idx` has it: a range of types would be in another order than the ids. */
const SUBJECT = "split_part(event.type, '.', 1)";

/** The least UUIDv7 of an instant. */
function firstIdOf(instant: Date): string {
  const milliseconds = Math.max(0, instant.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`;
}
