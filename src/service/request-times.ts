import type { HttpAdapterHost } from '@nestjs/core';
import { Histogram } from '../kernel/histogram.js';
import { defineMetrics, type Metric, type MetricValue, metricsOf } from '../kernel/metric.js';
import type { FrontRoutes } from './front-routes.js';

/** Fastify's configuration of a route: one object each, with the path as it was registered. */
interface RouteConfig {
  readonly url?: string;
  readonly method?: string | string[];
}

interface MeasuredRequest {
  readonly method: string;
  readonly url: string;
  readonly routeOptions: { readonly config: RouteConfig };
}

interface MeasuredReply {
  readonly statusCode: number;
  readonly elapsedTime: number;
}

interface MeasuredFastify {
  addHook(
    name: 'onResponse',
    hook: (request: MeasuredRequest, reply: MeasuredReply, done: () => void) => void,
  ): unknown;
}

/** All that no route answers. */
const UNKNOWN: RouteConfig = { url: 'unknown', method: 'any' };

/** In place of one where there is none: on the command line. */
const NO_SERVER = {};
const times = new WeakMap<object, RequestTimes>();

/** How long requests took, by route and status: by the registered path and never the one asked for, which clients choose. */
export class RequestTimes {
  private readonly byRoute = new Map<RouteConfig, Map<number, Histogram>>();

  /** Of this server; empty for one that is not measured. */
  static of({ httpAdapter }: HttpAdapterHost): RequestTimes {
    return times.get(httpAdapter?.getInstance() ?? NO_SERVER) ?? new RequestTimes();
  }

  /** Measures a Fastify instance. Call before routes are registered. @param front answered before the router, which knows no route of theirs */
  static measure(fastify: MeasuredFastify, front?: FrontRoutes): void {
    const measured = new RequestTimes();
    times.set(fastify, measured);
    fastify.addHook('onResponse', ({ method, url, routeOptions: { config } }, { statusCode, elapsedTime }, done) => {
      const route = config.url === undefined ? (front?.routeOf(url, method) ?? UNKNOWN) : config;
      measured.histogramOf(route, statusCode).observe(elapsedTime / 1000);
      done();
    });
  }

  metricValues(): MetricValue<Histogram>[] {
    return [...this.byRoute].flatMap(([{ url, method }, byStatus]) =>
      [...byStatus].map(([status, value]) => ({
        labels: { method: String(method), route: String(url), status: String(status) },
        value,
      })),
    );
  }

  private histogramOf(route: RouteConfig, status: number): Histogram {
    const byStatus = this.byRoute.get(route) ?? new Map<number, Histogram>();
    const known = byStatus.get(status);
    if (known) return known;
    const histogram = Histogram.ofWaiting();
    this.byRoute.set(route, byStatus.set(status, histogram));
    return histogram;
  }
}

export const requestMetricDescriptions = defineMetrics({
  coatcheck_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from a request to its complete response, by registered route and status. Only the service measures it, not a host application.',
    labels: ['method', 'route', 'status'],
  },
});

export function requestMetrics(host: HttpAdapterHost): Metric[] {
  return metricsOf(requestMetricDescriptions, {
    coatcheck_http_request_duration_seconds: () => RequestTimes.of(host).metricValues(),
  });
}
