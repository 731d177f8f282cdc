import type { Metric as PrometheusMetric, Registry } from 'prom-client';
import { ConfigurationError } from '../config/configuration-error.js';
import { Histogram } from '../kernel/histogram.js';
import type { HistogramMetric, Metric, MetricValue, NumberMetric } from '../kernel/metric.js';

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** @throws ConfigurationError when the package is not installed */
export async function importPrometheus(): Promise<typeof import('prom-client')> {
  try {
    return await import('prom-client');
  } catch {
    const remedy = 'npm install prom-client@15, or set MANAGEMENT_PORT=0';
    throw new ConfigurationError([{ option: 'managementPort', problem: 'requires the package prom-client', remedy }]);
  }
}

/** Makes the registry tell the metric. prom-client's own classes would keep the numbers a second time. */
export function register(registry: Registry, metric: Metric): void {
  const { name, help, kind } = metric;
  const type = kind === 'histogram' ? 'histogram' : kind;
  const get = async () => ({ name, help, type, aggregator: 'sum', values: samplesOf(metric) });
  registry.registerMetric({ name, help, type, get, reset: () => undefined } as unknown as PrometheusMetric);
}

function samplesOf(metric: Metric): Sample[] {
  return metric.kind === 'histogram' ? bucketsOf(metric) : valuesOf(metric);
}

function valuesOf(metric: NumberMetric): Sample[] {
  const read = metric.readValue();
  if (read === undefined) return [];
  return typeof read === 'number' ? [{ labels: {}, value: read }] : [...read];
}

function bucketsOf(metric: HistogramMetric): Sample[] {
  const read = metric.readValue();
  const readings: readonly MetricValue<Histogram>[] = read instanceof Histogram ? [{ labels: {}, value: read }] : read;
  return readings.flatMap(({ labels, value: { bounds, counts, sum } }) => {
    let count = 0;
    const buckets = counts.map((inBucket, at) => {
      count += inBucket;
      return { metricName: `${metric.name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${metric.name}_sum`, labels, value: sum },
      { metricName: `${metric.name}_count`, labels, value: count },
    ];
  });
}
