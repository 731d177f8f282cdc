import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { FIRST_ID, idBefore } from '../database/keyset.js';
import { type AuditFilter, conditionsOf, firstIdOf } from './audit-filter.js';

/** Events passed for all the counts of one plot: by an index alone; read from the table in its order; read from anywhere, to pick some out. */
const MOST_PASSED = { byIndex: 400_000, inOrder: 100_000, anywhere: 5_000 };
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

/** A stretch of time; its end is not included. In milliseconds. */
interface Stretch {
  readonly bar: number;
  readonly from: number;
  readonly until: number;
}

interface Passed {
  readonly count: number;
  readonly isCut: boolean;
}

/** Counts events by the hour, within a bounded amount of work. */
@Injectable()
export class AuditCounter {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * By the hour of UTC, a week at most; by the day beyond, the latest 366. Default: the 24 hours before `now`. The cursor of the filter means
   * nothing. Hours that were counted are added up where nothing but a type or a subject is asked for; other events are passed, up to a bound.
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
    const bars = starts.map((at, bar) => ({
      bar,
      from: from ? Math.max(at, start) : at,
      until: Math.min(at + step, last),
    }));
    const hours = { from: startOf(bars[0]!.from + HOUR - 1, HOUR), until: startOf(last, HOUR) };
    const counted = await this.counted(filter, hours, { first, step });
    const stretches = bars.flatMap((bar) => outside(bar, counted));
    const counts = starts.map((at, bar) => ({ from: new Date(at), count: counted.sums.get(bar) ?? 0, isCut: false }));
    const passed = stretches.length === 0 ? [] : await this.passed(filter, stretches);
    for (const [i, { count, isCut }] of passed.entries()) {
      const bar = counts[stretches[i]!.bar]!;
      counts[stretches[i]!.bar] = { ...bar, count: bar.count + count, isCut: bar.isCut || isCut };
    }
    return { by: step === HOUR ? 'hour' : 'day', counts };
  }

  /** The counts that the cleanup has made of these hours, by bar; up to where it has counted. */
  private async counted(
    filter: AuditFilter,
    { from, until }: { from: number; until: number },
    { first, step }: { first: number; step: number },
  ): Promise<{ from: number; until: number; sums: ReadonlyMap<number, number> }> {
    const type = countedTypeOf(filter);
    if (type === null || from >= until) return { from, until: from, sums: new Map() };
    const rows: { until: Date | null; bar: number | null; count: number }[] = await this.dataSource.query(
      `SELECT counted.until, sums.bar, sums.count
         FROM (SELECT max(hour) + interval '1 hour' AS until FROM coatcheck.audit_counts) counted
         LEFT JOIN (SELECT floor((extract(epoch FROM hour) - $4::float8) / $5::float8)::integer AS bar, sum(count)::float8 AS count
                      FROM coatcheck.audit_counts WHERE type = $1 AND hour >= $2 AND hour < $3 GROUP BY 1) sums ON true`,
      [type, new Date(from), new Date(until), first / 1000, step / 1000],
    );
    const sums = new Map(rows.flatMap(({ bar, count }) => (bar === null ? [] : [[bar, count]])));
    return { from, until: Math.max(from, Math.min(until, rows[0]!.until?.getTime() ?? from)), sums };
  }

  /**
   * Each by the same index as a page of these events, most by that alone. In its order and by an inclusive end, see `newestWith`: otherwise the
   * whole table is read for each stretch, of which the planner takes any limit's worth of rows to be of this value.
   */
  private passed(filter: AuditFilter, stretches: readonly Stretch[]): Promise<Passed[]> {
    const [leading, ...others] = conditionsOf(filter);
    const kind = others.length > 0 ? 'anywhere' : leading?.isExpression ? 'inOrder' : 'byIndex';
    const most = Math.floor(MOST_PASSED[kind] / stretches.length);
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
      [
        stretches.map(({ from }) => firstIdOf(new Date(from))),
        stretches.map(({ until }) => idBefore(firstIdOf(new Date(until))) ?? FIRST_ID),
        most,
        ...(leading ? [leading.value] : []),
        ...others.map(({ value }) => value),
      ],
    );
  }
}

/** The parts of a bar before and after the hours that were counted. */
function outside({ bar, from, until }: Stretch, counted: { readonly from: number; readonly until: number }): Stretch[] {
  if (counted.from >= counted.until) return [{ bar, from, until }];
  const around = [
    { bar, from, until: Math.min(until, counted.from) },
    { bar, from: Math.max(from, counted.until), until },
  ];
  return around.filter((stretch) => stretch.from < stretch.until);
}

/** Under which type the events of the filter are counted by the hour; null: they are not. */
function countedTypeOf({ userId, actorId, ip, type }: AuditFilter): string | null {
  if (userId !== undefined || actorId !== undefined || ip !== undefined || type === '') return null;
  // Of `oauth.grant.` only the first word has counts.
  return type?.endsWith('.') && type.indexOf('.') < type.length - 1 ? null : (type ?? '');
}

function startOf(at: number, step: number): number {
  return Math.floor(at / step) * step;
}
