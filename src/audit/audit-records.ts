import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { newestWith } from '../database/keyset.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { type AuditFilter, conditionsOf, firstIdOf } from './audit-filter.js';

/** Events passed for one page, whether they are of the kind asked for or not. */
const MOST_PASSED = 2_000;

/** A page of events. It may have fewer than were asked for, or none, though more follow. */
export interface AuditPage {
  readonly events: AuditEventEntity[];
  /** `before` of the next page; null after the last. */
  readonly next: string | null;
}

/** Finds recorded events. */
@Injectable()
export class AuditRecords {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * The newest first, at most `limit`. By the index of the user, of the actor, of the address, of the type or of the subject, whichever is
   * named first of them: so a page takes as long whether there are few such events or many, of today or of years ago. What else is asked for
   * is picked out of these, however many they are.
   */
  find(filter: AuditFilter, limit: number): Promise<AuditEventEntity[]> {
    return this.newest(filter, null).limit(limit).getMany();
  }

  /** As {@link find}, but passes a bounded number of those that others are picked out of, so the page may be short. */
  async page(filter: AuditFilter, limit: number): Promise<AuditPage> {
    const last = conditionsOf(filter).length > 1 ? await this.lastPassed(filter) : null;
    const found = await this.newest(filter, last)
      .limit(limit + 1)
      .getMany();
    const events = found.slice(0, limit);
    return { events, next: found.length > limit ? events.at(-1)!.id : last };
  }

  /** The event where a page ends at the latest, by its id; null when there are fewer. */
  private async lastPassed(filter: AuditFilter): Promise<string | null> {
    const passed = inOrder(this.events().select('event.id', 'id'), filter, null).limit(MOST_PASSED);
    const ids = await passed.getRawMany<{ id: string }>();
    return ids[MOST_PASSED - 1]?.id ?? null;
  }

  private newest(filter: AuditFilter, since: string | null): SelectQueryBuilder<AuditEventEntity> {
    const query = inOrder(this.events(), filter, since);
    // Neither is an index of theirs read instead, past all that is of another user; nor does the planner know how few there are, for whose sake
    // it would rather read and sort the whole table.
    for (const [i, { expression, value }] of conditionsOf(filter).slice(1).entries())
      query.andWhere(`CASE WHEN ${expression} = :picked${i} THEN true ELSE false END`, { [`picked${i}`]: value });
    return query;
  }

  private events(): SelectQueryBuilder<AuditEventEntity> {
    return this.dataSource.getRepository(AuditEventEntity).createQueryBuilder('event');
  }
}

/** The newest first of the first condition and the time. */
function inOrder(
  query: SelectQueryBuilder<AuditEventEntity>,
  filter: AuditFilter,
  since: string | null,
): SelectQueryBuilder<AuditEventEntity> {
  const first = [filter.from && firstIdOf(filter.from), since ?? undefined].filter((id) => id !== undefined).sort();
  const range = { from: first.at(-1), before: [filter.to && firstIdOf(filter.to), filter.before?.toLowerCase()] };
  const [leading] = conditionsOf(filter);
  if (leading) {
    if (leading.isPartial) query.andWhere(`${leading.expression} IS NOT NULL`);
    return newestWith(query, leading.expression, leading.value, range);
  }
  if (range.from) query.andWhere('event.id >= :first', { first: range.from });
  for (const [i, id] of range.before.entries()) if (id) query.andWhere(`event.id < :until${i}`, { [`until${i}`]: id });
  return query.orderBy('event.id', 'DESC');
}
