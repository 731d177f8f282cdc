import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How far back a plot looks, and how much one of its points spans. */
export const SPANS = {
  hour: { points: 60, each: MINUTE },
  day: { points: 48, each: 30 * MINUTE },
  week: { points: 84, each: 2 * HOUR },
  month: { points: 60, each: 12 * HOUR },
  year: { points: 73, each: 120 * HOUR },
} as const;

export type Span = keyof typeof SPANS;

/** One point: what all nodes measured in that time. */
export interface Point {
  readonly count: number;
  readonly sum: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

/** What was measured in a span, the oldest point first. */
export interface Series {
  /** When each point begins. */
  readonly times: readonly Date[];
  /** How much one spans, in minutes. */
  readonly minutes: number;
  /** Whether any node ran, so that something is known. */
  readonly isKnown: readonly boolean[];
  /** By name; null where nothing of it happened. A name that never happened is not there. */
  readonly points: ReadonlyMap<string, readonly (Point | null)[]>;
  /** Seconds in look-up mode, by node, where minutes are read; the worst nodes only. */
  readonly lookupByNode: ReadonlyMap<string, readonly number[]>;
}

interface Found extends Point {
  readonly name: string;
  readonly point: number;
}

const SUMS = `
  sum(count) AS count, sum(sum) AS sum,
  sum(p50 * count) / nullif(sum(count) FILTER (WHERE p50 IS NOT NULL), 0) AS p50, max(p99) AS p99`;
const POINT = 'floor(extract(epoch FROM minute - $1::timestamptz) / $3::float8)::integer AS point';
const OF_MINUTES = `
  SELECT name, ${POINT}, ${SUMS} FROM coatcheck.measurements
   WHERE node <> '' AND minute >= $1::timestamptz AND minute < $2::timestamptz GROUP BY 1, 2`;
/** What is not summed up yet is taken from its minutes. */
const OF_HOURS = `
  SELECT name, ${POINT}, ${SUMS} FROM (
    SELECT * FROM coatcheck.measurements
     WHERE node = '' AND minute >= $1::timestamptz AND minute < $2::timestamptz
    UNION ALL
    SELECT * FROM coatcheck.measurements
     WHERE node <> '' AND minute < $2::timestamptz AND minute >= greatest($1::timestamptz,
       (SELECT coalesce(max(minute) + interval '1 hour', '-infinity') FROM coatcheck.measurements WHERE node = ''))
  ) AS measured GROUP BY 1, 2`;
const LOOKUP_BY_NODE = `
  SELECT node AS name, ${POINT}, ${SUMS} FROM coatcheck.measurements
   WHERE node <> '' AND name = 'lookup_seconds' AND minute >= $1::timestamptz AND minute < $2::timestamptz GROUP BY 1, 2`;
/** As many lines as a plot tells apart. */
const NODES_SHOWN = 4;

/** Reads what the nodes have measured. */
@Injectable()
export class MeasurementSeries {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** All that was measured in the span that ends with the last full minute. */
  async read(span: Span): Promise<Series> {
    const { points, each } = SPANS[span];
    const until = Math.floor(this.clock.now().getTime() / MINUTE) * MINUTE;
    const from = until - points * each;
    const isByMinute = each < HOUR;
    const values = [new Date(from), new Date(until), each / 1000];
    const [found, byNode]: [Found[], Found[]] = await Promise.all([
      this.dataSource.query(isByMinute ? OF_MINUTES : OF_HOURS, values),
      isByMinute ? this.dataSource.query(LOOKUP_BY_NODE, values) : [],
    ]);
    const byName = placed(found, points);
    return {
      times: Array.from({ length: points }, (_, point) => new Date(from + point * each)),
      minutes: each / MINUTE,
      isKnown: byName.get('up')?.map((up) => up !== null) ?? new Array(points).fill(false),
      points: byName,
      lookupByNode: worstOf(placed(byNode, points)),
    };
  }
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
