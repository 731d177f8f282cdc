import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { METRICS, type Metric } from '../kernel/metric.js';
import { importPrometheus, register } from './prometheus.js';

/**
 * The metrics of all features as Prometheus reads them. A host application serves them where it serves its own; the metrics of
 * the process are left to it.
 *
 * @example
 * const text = `${await registry.metrics()}\n${await metrics.text()}`;
 */
@Injectable()
export class Metrics {
  /** The media type of `text()`. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  private registry: Promise<Registry> | undefined;

  constructor(@Inject(METRICS) private readonly metrics: readonly Metric[]) {}

  /** Holds no secret, no id and no address. @throws ConfigurationError unless `prom-client` is installed */
  async text(): Promise<string> {
    this.registry ??= this.filled();
    return (await this.registry).metrics();
  }

  private async filled(): Promise<Registry> {
    const { Registry } = await importPrometheus();
    const registry = new Registry();
    for (const metric of this.metrics) register(registry, metric);
    return registry;
  }
}
