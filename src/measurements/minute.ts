import { Histogram } from '../kernel/histogram.js';
import type { Metric } from '../kernel/metric.js';
import type { Measurement, MeasurementName } from './measured.js';
import { countOf, type Readings, readMetrics } from './metric-readings.js';

/** Collects events until they are taken. */
export class Minute {
  private before: Readings;
  private eventsBefore: ReadonlyMap<MeasurementName, number>;

  /** @param events counts that only ever rise, by name */
  constructor(
    private readonly metrics: readonly Metric[],
    private readonly events: ReadonlyMap<MeasurementName, number>,
  ) {
    this.before = readMetrics(metrics);
    this.eventsBefore = new Map(events);
  }

  /** The events since the last call, or the start; names without any are left out. The next minute begins here. */
  take(): Measurement[] {
    const { before, eventsBefore } = this;
    this.before = readMetrics(this.metrics);
    this.eventsBefore = new Map(this.events);
    const { counts, sums, histograms } = this.before;
    return [
      counted('up', 1),
      ...rises(this.eventsBefore, eventsBefore).map(([name, rise]) => counted(name, rise)),
      ...rises(counts, before.counts).map(([name, rise]) => counted(name, rise)),
      ...rises(sums, before.sums).map(([name, sum]) => ({ ...counted(name, 1), sum })),
      ...[...histograms].flatMap(([name, histogram]) => timed(name, histogram, before.histograms.get(name)) ?? []),
    ];
  }
}

function rises(
  now: ReadonlyMap<MeasurementName, number>,
  before: ReadonlyMap<MeasurementName, number>,
): [MeasurementName, number][] {
  const all = [...now].map(([name, value]): [MeasurementName, number] => [name, value - (before.get(name) ?? 0)]);
  return all.filter(([, rise]) => rise > 0);
}

function counted(name: MeasurementName, count: number): Measurement {
  return { name, count, sum: 0, p50: null, p99: null };
}

/** Null when nothing was observed. */
function timed(name: MeasurementName, now: Histogram, before: Histogram | undefined): Measurement | null {
  const rise = new Histogram(now.bounds);
  for (const [bucket, count] of now.counts.entries()) rise.counts[bucket] = count - (before?.counts[bucket] ?? 0);
  const count = countOf(rise.counts);
  if (count <= 0) return null;
  const sum = now.sum - (before?.sum ?? 0);
  return { name, count, sum, p50: rise.quantile(0.5)!, p99: rise.quantile(0.99)! };
}
