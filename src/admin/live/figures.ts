import type { Point, Series } from '../../measurements/measurement-series.js';

/** A line of a figure: `word` names it, or `name` where it is a name of its own. */
export interface FigureSeries {
  readonly word: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A plot before it has words. */
export interface Figure {
  /** Its title is the word `admin-overview.<key>`. */
  readonly key: string;
  readonly series: readonly FigureSeries[];
}

/** As many as a plot tells apart. */
const MOST_SERIES = 4;
const MILLISECONDS = 1000;

/** The figures of the overview, in its order. */
export function figuresOf(measured: Series): Figure[] {
  const { minutes } = measured;
  const row = (name: string) => measured.points.get(name);
  /** 0 where nothing happened, null where nothing is known. */
  const happened = (name: string, numberOf: (point: Point, at: number) => number) =>
    measured.isKnown.map((isKnown, at) => {
      const point = row(name)?.[at];
      return point ? numberOf(point, at) : isKnown ? 0 : null;
    });
  const rate = (name: string) => happened(name, ({ count }, at) => count / minutes[at]!);
  const count = (name: string) => happened(name, (point) => point.count);
  const part = (name: string, of: 'p50' | 'p99', scale: number) =>
    measured.isKnown.map((_, at) => {
      const value = row(name)?.[at]?.[of] ?? null;
      return value === null ? null : value * scale;
    });
  const line = (word: string, values: readonly (number | null)[]): FigureSeries => ({ word, name: '', values });
  const percentiles = (name: string) => [
    line('p50', part(name, 'p50', MILLISECONDS)),
    line('p99', part(name, 'p99', MILLISECONDS)),
  ];
  /** The most frequent of those whose names begin so. */
  const family = (prefix: string, valuesOf: (name: string) => (number | null)[]): FigureSeries[] =>
    [...measured.points.keys()]
      .filter((name) => name.startsWith(prefix))
      .sort((one, other) => totalOf(row(other)!) - totalOf(row(one)!))
      .slice(0, MOST_SERIES)
      .map((name) => ({ word: '', name: name.slice(prefix.length), values: valuesOf(name) }));

  const lookups =
    measured.lookupByNode.size > 0
      ? [...measured.lookupByNode].map(([name, values]) => {
          const known = values.map((value, at) => (measured.isKnown[at] ? value : null));
          return { word: '', name, values: known };
        })
      : [
          line(
            'all-nodes',
            happened('lookup_seconds', ({ sum }) => sum),
          ),
        ];
  return [
    { key: 'logins', series: [line('succeeded', rate('logins')), line('failed', rate('logins_failed'))] },
    { key: 'acknowledgements', series: percentiles('acknowledgements') },
    { key: 'by-lease', series: [line('share', shareOf(row('acknowledgements_by_lease'), row('acknowledgements')))] },
    { key: 'lookups', series: lookups },
    { key: 'requests', series: family('requests.', rate) },
    { key: 'refreshes', series: [line('refreshes', rate('refreshes')), line('reused', rate('refresh_reuse'))] },
    { key: 'hashes', series: percentiles('hash_wait') },
    {
      key: 'lags',
      series: [line('mail', part('mail_lag', 'p99', 1)), line('webhooks', part('webhook_lag', 'p99', 1))],
    },
    { key: 'factors', series: family('factors.', count) },
    { key: 'registrations', series: [line('registrations', count('registrations'))] },
    { key: 'locks', series: [line('locks', count('locks'))] },
    { key: 'failures', series: [line('failures', count('responses_5xx'))] },
    { key: 'responses', series: percentiles('responses') },
  ];

  /** In percent; null where there was nothing to share. */
  function shareOf(some: readonly (Point | null)[] | undefined, all: readonly (Point | null)[] | undefined) {
    return measured.isKnown.map((_, at) => {
      const total = all?.[at]?.count ?? 0;
      return total === 0 ? null : (100 * (some?.[at]?.count ?? 0)) / total;
    });
  }
}

function totalOf(points: readonly (Point | null)[]): number {
  return points.reduce((sum, point) => sum + (point?.count ?? 0), 0);
}
