import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back a plot looks, how much time one of its points spans, and how much a row that it is read from stands for. */
export const SPANS = {
  hour: { points: 60, each: MINUTE, of: 1 },
  day: { points: 24, each: HOUR, of: 60 },
  week: { points: 84, each: 2 * HOUR, of: 60 },
  month: { points: 60, each: 12 * HOUR, of: 60 },
  year: { points: 73, each: 5 * DAY, of: 1440 },
} as const;

export type Span = keyof typeof SPANS;

/** One point: what all nodes measured in that time. */
export interface Point {
  readonly count: number;
  readonly sum: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

/** The measurements of a span, the oldest point first. */
export interface Series {
  /** When each point begins. */
  readonly times: readonly Date[];
  /** How many minutes of each point are over. Only of the last they may be fewer than of the others. */
  readonly minutes: readonly number[];
  /** Whether any node ran, so that something is known. */
  readonly isKnown: readonly boolean[];
  /** By name; null where nothing of it happened. A name that never happened is not there. */
  readonly points: ReadonlyMap<string, readonly (Point | null)[]>;
  /** Seconds in look-up mode, by node, within a day; the worst nodes only. */
  readonly lookupByNode: ReadonlyMap<string, readonly number[]>;
}

interface Found extends Point {
  readonly name: string;
  readonly point: number;
}

const SUMS = `
  name, floor(extract(epoch FROM minute - $1::timestamptz) / $3::float8)::integer AS point, sum(count) AS count, sum(sum) AS sum,
  sum(p50 * count) / nullif(sum(count) FILTER (WHERE p50 IS NOT NULL), 0) AS p50, max(p99) AS p99`;

/**
 * Rows that stand for so many minutes each, of a part of the span that begins where one does. Each is looked up by its key: the planner takes the
 * long rows for as many as the short ones of the same time, and would read them all.
 */
const rowsOf = (minutes: number, from: string, until: string) => `
  SELECT held.* FROM generate_series(${from}::timestamptz, ${until}::timestamptz - interval '1 second', interval '${minutes} minutes') AS due(at),
    LATERAL (SELECT * FROM coatcheck.measurements WHERE span_minutes = ${minutes} AND minute = due.at OFFSET 0) AS held`;

/** Until when all is summed up in rows of so many minutes; null: nothing is. */
const summedUpBy = (minutes: number) => `
  (SELECT max(minute) + interval '${minutes} minutes' FROM coatcheck.measurements WHERE span_minutes = ${minutes})`;

/** The first row of so many minutes that is not summed up; null: there is none. */
const firstFrom = (minutes: number, summedUpUntil: string) => `
  (SELECT min(minute) FROM coatcheck.measurements WHERE span_minutes = ${minutes} AND minute >= coalesce(${summedUpUntil}, '-infinity'))`;

const FIRST_ROWS = `SELECT ${firstFrom(1, 'hours')} AS minute, ${firstFrom(60, 'days')} AS hour
  FROM (SELECT ${summedUpBy(60)} AS hours, ${summedUpBy(1440)} AS days) AS summed_up`;

/** By what a row stands for: what is not summed up yet ($4 for hours, $5 for days) is taken from shorter ones. */
const READINGS: Readonly<Record<1 | 60 | 1440, string>> = {
  1: rowsOf(1, '$1', '$2'),
  60: `${rowsOf(60, '$1', '$4')} UNION ALL ${rowsOf(1, '$4', '$2')}`,
  1440: `${rowsOf(1440, '$1', '$5')} UNION ALL ${rowsOf(60, '$5', '$4')} UNION ALL ${rowsOf(1, '$4', '$2')}`,
};
const reading = (rows: string) => `SELECT ${SUMS} FROM (${rows}) AS measured GROUP BY 1, 2`;
const LOOKUP_BY_NODE = reading(`
  SELECT minute, node AS name, count, sum, p50, p99 FROM coatcheck.measurements
   WHERE span_minutes = 1 AND name = 'lookup_seconds' AND minute >= $1::timestamptz AND minute < $2::timestamptz`);
/** Sums are of all nodes together. */
const NODES_TOLD_IN: ReadonlySet<Span> = new Set<Span>(['hour', 'day']);
/** As many lines as a plot tells apart. */
const NODES_SHOWN = 4;

/** Reads what the nodes have measured. */
@Injectable()
export class MeasurementSeries {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * All that was measured in the span that ends with the last full minute. Its points begin where rows do, so that each row belongs to one of
   * them; therefore the last is not over mostly.
   */
  async read(span: Span): Promise<Series> {
    const { points, each, of } = SPANS[span];
    const until = Math.floor(this.clock.now().getTime() / MINUTE) * MINUTE;
    const from = Math.ceil(until / (of * MINUTE)) * of * MINUTE - points * each;
    const times = Array.from({ length: points }, (_, point) => from + point * each);
    const values = [new Date(from), new Date(until), each / 1000];
    const [found, byNode]: [Found[], Found[]] = await Promise.all([
      this.summedUp(of, from, until).then((bounds) =>
        this.dataSource.query(reading(READINGS[of]), [...values, ...bounds]),
      ),
      NODES_TOLD_IN.has(span) ? this.dataSource.query(LOOKUP_BY_NODE, values) : [],
    ]);
    const byName = placed(found, points);
    return {
      times: times.map((time) => new Date(time)),
      minutes: times.map((time) => (Math.min(time + each, until) - time) / MINUTE),
      isKnown: byName.get('up')?.map((up) => up !== null) ?? new Array(points).fill(false),
      points: byName,
      lookupByNode: worstOf(placed(byNode, points)),
    };
  }

  /**
   * From when on hours, and minutes, are read: from the first that is not summed up, so that no time is looked through in which there is nothing. Asked
   * for beforehand, so that what is summed up meanwhile counts once.
   */
  private async summedUp(of: 1 | 60 | 1440, from: number, until: number): Promise<Date[]> {
    if (of === 1) return [];
    const [{ minute, hour }]: [{ minute: Date | null; hour: Date | null }] = await this.dataSource.query(FIRST_ROWS);
    const ofMinutes = minute?.getTime() ?? until;
    const ofHours = Math.min(hour?.getTime() ?? until, ofMinutes);
    const minutesFrom = Math.max(from, startOf(HOUR, ofMinutes));
    return [minutesFrom, ...(of === 60 ? [] : [Math.max(from, startOf(DAY, ofHours))])].map((bound) => new Date(bound));
  }
}

function startOf(length: number, time: number): number {
  return Math.floor(time / length) * length;
}

function placed(found: readonly Found[], points: number): Map<string, (Point | null)[]> {
  const byName = new Map<string, (Point | null)[]>();
  for (const { name, point, count, sum, p50, p99 } of found) {
    const row = byName.get(name) ?? new Array<Point | null>(points).fill(null);
    row[point] = { count, sum, p50, p99 };
    byName.set(name, row);
  }
  return byName;
}

function worstOf(byNode: ReadonlyMap<string, readonly (Point | null)[]>): Map<string, number[]> {
  const seconds = [...byNode].map(([node, row]): [string, number[]] => [node, row.map((point) => point?.sum ?? 0)]);
  const total = ([, row]: [string, number[]]) => row.reduce((sum, each) => sum + each, 0);
  return new Map(seconds.sort((one, other) => total(other) - total(one)).slice(0, NODES_SHOWN));
}
