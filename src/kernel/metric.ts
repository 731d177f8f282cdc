import type { Histogram } from './histogram.js';

/**
 * Something a feature measures. The feature keeps plain numbers; they are read on demand, and nothing is called until
 * then. Declared in the feature's `metrics`, and told by the feature `metrics`.
 */
export type Metric = NumberMetric | HistogramMetric;

interface NamedMetric {
  /** `coatcheck_<what>_<unit>`, a counter's ends in `_total`. Unique in the house. */
  readonly name: `coatcheck_${string}`;
  /** One sentence, without a line break. */
  readonly help: string;
}

/** A metric with one number for each set of labels. */
export interface NumberMetric extends NamedMetric {
  /** A counter only ever rises; a gauge says how things stand. */
  readonly kind: 'counter' | 'gauge';
  /** Undefined: it cannot be known here. */
  readValue(): number | undefined | readonly MetricValue<number>[];
}

export interface HistogramMetric extends NamedMetric {
  readonly kind: 'histogram';
  readValue(): Histogram | readonly MetricValue<Histogram>[];
}

/** One value of a metric that is told apart by labels. */
export interface MetricValue<T> {
  /** Each from a small, closed set: never an id, an address, or anything else that a client chooses. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: T;
}

/** DI token of the metrics of all features. */
export const METRICS = Symbol('coatcheck.metrics');

/** The description of a metric, without its name. */
export interface MetricDescription extends Pick<NamedMetric, 'help'> {
  readonly kind: Metric['kind'];
  /** Names of the labels that tell its values apart. */
  readonly labels?: readonly string[];
}

/** The metrics of a feature, by name. */
export type MetricDescriptions = Readonly<Record<NamedMetric['name'], MetricDescription>>;

type ReadOf<D extends MetricDescription> = D['kind'] extends 'histogram'
  ? HistogramMetric['readValue']
  : NumberMetric['readValue'];

/** Declares the metrics of a feature: the reference is generated from it. */
export function defineMetrics<const T extends MetricDescriptions>(descriptions: T): T {
  return descriptions;
}

/** The metrics that were declared, each with how it is read. */
export function metricsOf<T extends MetricDescriptions>(
  descriptions: T,
  reads: { readonly [K in keyof T & NamedMetric['name']]: ReadOf<T[K]> },
): Metric[] {
  return Object.entries(reads).map(
    ([name, read]) => ({ ...descriptions[name as keyof T], name, readValue: read }) as Metric,
  );
}
