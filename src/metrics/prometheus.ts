import type { Metric, Registry } from 'prom-client';
import { ConfigurationError } from '../config/configuration-error.js';
import { Durations } from '../kernel/durations.js';
import type { DurationsFigure, Figure, NumberFigure, Reading } from '../kernel/figure.js';

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
    throw new ConfigurationError([{ option: 'managementPort', problem: 'needs the package prom-client', remedy }]);
  }
}

/** Makes the registry tell the figure. prom-client's own classes would keep the numbers a second time. */
export function register(registry: Registry, figure: Figure): void {
  const { name, help, kind } = figure;
  const type = kind === 'durations' ? 'histogram' : kind;
  const get = async () => ({ name, help, type, aggregator: 'sum', values: samplesOf(figure) });
  registry.registerMetric({ name, help, type, get, reset: () => undefined } as unknown as Metric);
}

function samplesOf(figure: Figure): Sample[] {
  return figure.kind === 'durations' ? bucketsOf(figure) : valuesOf(figure);
}

function valuesOf(figure: NumberFigure): Sample[] {
  const read = figure.read();
  if (read === undefined) return [];
  return typeof read === 'number' ? [{ labels: {}, value: read }] : [...read];
}

function bucketsOf(figure: DurationsFigure): Sample[] {
  const read = figure.read();
  const readings: readonly Reading<Durations>[] = read instanceof Durations ? [{ labels: {}, value: read }] : read;
  return readings.flatMap(({ labels, value: { bounds, counts, sum } }) => {
    let count = 0;
    const buckets = counts.map((inBucket, at) => {
      count += inBucket;
      return { metricName: `${figure.name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${figure.name}_sum`, labels, value: sum },
      { metricName: `${figure.name}_count`, labels, value: count },
    ];
  });
}
