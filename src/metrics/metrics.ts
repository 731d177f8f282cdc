import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { FIGURES, type Figure } from '../kernel/figure.js';
import { importPrometheus, register } from './prometheus.js';

/**
 * The figures of all rooms as Prometheus reads them. A host application serves them where it serves its own; the figures of
 * the process are left to it.
 *
 * @example
 * const text = `${await registry.metrics()}\n${await metrics.text()}`;
 */
@Injectable()
export class Metrics {
  /** What `text()` is. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  private registry: Promise<Registry> | undefined;

  constructor(@Inject(FIGURES) private readonly figures: readonly Figure[]) {}

  /** Holds no secret, no id and no address. @throws ConfigurationError unless `prom-client` is installed */
  async text(): Promise<string> {
    this.registry ??= this.filled();
    return (await this.registry).metrics();
  }

  private async filled(): Promise<Registry> {
    const { Registry } = await importPrometheus();
    const registry = new Registry();
    for (const figure of this.figures) register(registry, figure);
    return registry;
  }
}
