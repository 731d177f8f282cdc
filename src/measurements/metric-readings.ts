import { Histogram } from '../kernel/histogram.js';
import type { Metric } from '../kernel/metric.js';
import type { MeasurementName } from './measured.js';

type Labels = Readonly<Record<string, string>>;

/** How the metrics of the features stand at one moment, by the names of measurements. Everything only ever rises. */
export interface Readings {
  readonly counts: ReadonlyMap<MeasurementName, number>;
  /** In seconds. */
  readonly sums: ReadonlyMap<MeasurementName, number>;
  readonly histograms: ReadonlyMap<MeasurementName, Histogram>;
}

/** Reads those metrics that are measured; a metric that is not there has no reading. */
export function readMetrics(metrics: readonly Metric[]): Readings {
  const counts = new Map<MeasurementName, number>();
  const sums = new Map<MeasurementName, number>();
  const histograms = new Map<MeasurementName, Histogram>();
  const values = (name: Metric['name']) => numbersOf(metrics.find((metric) => metric.name === name));
  const times = (name: Metric['name']) => histogramsOf(metrics.find((metric) => metric.name === name));

  for (const { labels, value } of values('coatcheck_requests_authenticated_total')) {
    counts.set(`requests.${labels.strategy!}`, value);
  }
  for (const { labels, value } of values('coatcheck_refreshes_total')) {
    if (labels.outcome === 'refreshed') counts.set('refreshes', value);
  }
  for (const { value } of values('coatcheck_acknowledgements_by_lease_total')) {
    counts.set('acknowledgements_by_lease', value);
  }
  for (const { value } of values('coatcheck_lookup_mode_seconds_total')) sums.set('lookup_seconds', value);
  for (const { value } of times('coatcheck_acknowledgement_seconds')) histograms.set('acknowledgements', copyOf(value));
  for (const { value } of times('coatcheck_hash_wait_seconds')) histograms.set('hash_wait', copyOf(value));
  const responses = times('coatcheck_http_request_duration_seconds');
  const all = together(responses.map(({ value }) => value));
  if (all) histograms.set('responses', all);
  const failed = together(responses.filter(({ labels }) => labels.status! >= '500').map(({ value }) => value));
  if (failed) counts.set('responses_5xx', countOf(failed.counts));
  return { counts, sums, histograms };
}

/** Of all buckets. */
export function countOf(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function numbersOf(metric: Metric | undefined): readonly { readonly labels: Labels; readonly value: number }[] {
  if (!metric || metric.kind === 'histogram') return [];
  const read = metric.readValue() ?? [];
  return typeof read === 'number' ? [{ labels: {}, value: read }] : read;
}

function histogramsOf(metric: Metric | undefined): readonly { readonly labels: Labels; readonly value: Histogram }[] {
  if (metric?.kind !== 'histogram') return [];
  const read = metric.readValue();
  return read instanceof Histogram ? [{ labels: {}, value: read }] : read;
}

/** Of histograms with the same bounds. */
function together([first, ...rest]: readonly Histogram[]): Histogram | undefined {
  if (!first) return undefined;
  const total = copyOf(first);
  for (const { counts, sum } of rest) {
    for (const [bucket, count] of counts.entries()) total.counts[bucket]! += count;
    total.sum += sum;
  }
  return total;
}

/** The features go on counting in their own. */
function copyOf({ bounds, counts, sum }: Histogram): Histogram {
  const copy = new Histogram(bounds);
  for (const [bucket, count] of counts.entries()) copy.counts[bucket] = count;
  copy.sum = sum;
  return copy;
}
