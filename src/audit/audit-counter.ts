import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { FIRST_ID, idBefore } from '../database/keyset.js';
import { type AuditFilter, conditionsOf, firstIdOf } from './audit-filter.js';

/** Events passed for all the counts of one plot: by an index alone; read from the table in its order; read from anywhere, to pick some out. */
const MOST_PASSED = { byIndex: 400_000, inOrder: 200_000, anywhere: 20_000 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** More bars than these no plot shows apart: the counts are by day then. */
const MOST_HOURS = 7 * 24;
const MOST_DAYS = 366;

/** How many events began in a stretch of time. */
export interface AuditCount {
  readonly from: Date;
  readonly count: number;
  /** Whether there are more, which were not counted. */
  readonly isCut: boolean;
}

/** Counts of one stretch after the other. */
export interface AuditCounts {
  readonly by: 'hour' | 'day';
  /** The oldest first. */
  readonly counts: readonly AuditCount[];
}

/** Counts events by the hour, within a bounded amount of work. */
@Injectable()
export class AuditCounter {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * By the hour of UTC, a week at most; by the day beyond, the latest 366. Default: the 24 hours before `now`. The cursor of the filter means nothing.
   */
  async count({ from, to, ...filter }: AuditFilter, now: Date): Promise<AuditCounts> {
    const end = Math.min((to ?? now).getTime(), now.getTime());
    const start = from?.getTime() ?? end - DAY + HOUR;
    const step = end - start > MOST_HOURS * HOUR ? DAY : HOUR;
    const first = Math.max(startOf(start, step), startOf(end, step) - (MOST_DAYS - 1) * DAY);
    const starts: number[] = [];
    for (let at = first; at < end || starts.length === 0; at += step) starts.push(at);
    // What happens in this very millisecond is counted too.
    const last = to ? end : end + 1;
    const rows = await this.passed(
      filter,
      starts.map((at) => firstIdOf(new Date(from ? Math.max(at, start) : at))),
      starts.map((at) => idBefore(firstIdOf(new Date(Math.min(at + step, last)))) ?? FIRST_ID),
    );
    const counts = rows.map(({ count, isCut }, i) => ({ from: new Date(starts[i]!), count, isCut }));
    return { by: step === HOUR ? 'hour' : 'day', counts };
  }

  /**
   * Each by the same index as a page of these events, most by that alone. In its order and by an inclusive end, see `newestWith`: otherwise the
   * whole table is read for each stretch, of which the planner takes any limit's worth of rows to be of this value.
   */
  private passed(
    filter: AuditFilter,
    from: readonly string[],
    last: readonly string[],
  ): Promise<{ count: number; isCut: boolean }[]> {
    const [leading, ...others] = conditionsOf(filter);
    const kind = others.length > 0 ? 'anywhere' : leading?.isExpression ? 'inOrder' : 'byIndex';
    const most = Math.floor(MOST_PASSED[kind] / from.length);
    const key = leading ? `(${leading.expression}, event.id)` : 'event.id';
    const place = (id: string) => (leading ? `($4, stretch.${id})` : `stretch.${id}`);
    const picked = others.map(({ expression }, i) => `${expression} = $${5 + i}`).join(' AND ');
    return this.dataSource.query(
      `SELECT counted.count, counted.passed > $3 AS "isCut"
         FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS stretch (first, last, place)
         CROSS JOIN LATERAL (
           SELECT count(*)${picked && ` FILTER (WHERE ${picked})`}::integer AS count, count(*)::integer AS passed
             FROM (SELECT event.* FROM coatcheck.audit_events event
                    WHERE ${leading?.isPartial ? `${leading.expression} IS NOT NULL AND ` : ''}
                          ${key} >= ${place('first')} AND ${key} <= ${place('last')}
                    ORDER BY ${leading ? `${leading.expression}, ` : ''}event.id
                    LIMIT $3::integer + 1) event) counted
        ORDER BY stretch.place`,
      [from, last, most, ...(leading ? [leading.value] : []), ...others.map(({ value }) => value)],
    );
  }
}

function startOf(at: number, step: number): number {
  return Math.floor(at / step) * step;
}
