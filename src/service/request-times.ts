import type { HttpAdapterHost } from '@nestjs/core';
import { Durations } from '../kernel/durations.js';
import { defineFigures, type Figure, figuresOf, type Reading } from '../kernel/figure.js';

/** What Fastify keeps of a route: one object each, the path as it was registered. */
interface RouteConfig {
  readonly url?: string;
  readonly method?: string | string[];
}

interface MeasuredReply {
  readonly statusCode: number;
  readonly elapsedTime: number;
}

interface MeasuredFastify {
  addHook(
    name: 'onResponse',
    hook: (request: { routeOptions: { config: RouteConfig } }, reply: MeasuredReply, done: () => void) => void,
  ): unknown;
}

/** All that no route answers. */
const UNKNOWN: RouteConfig = { url: 'unknown', method: 'any' };

const times = new WeakMap<object, RequestTimes>();

/** How long requests took, by route and status: by the registered path and never the one asked for, which clients choose. */
export class RequestTimes {
  private readonly byRoute = new Map<RouteConfig, Map<number, Durations>>();

  /** Of this server; empty for one that is not measured. */
  static of({ httpAdapter }: HttpAdapterHost): RequestTimes {
    return times.get(httpAdapter.getInstance()) ?? new RequestTimes();
  }

  /** Measures a Fastify instance. Call before routes are registered. */
  static measure(fastify: MeasuredFastify): void {
    const measured = new RequestTimes();
    times.set(fastify, measured);
    fastify.addHook('onResponse', ({ routeOptions: { config } }, { statusCode, elapsedTime }, done) => {
      measured.durationsOf(config.url === undefined ? UNKNOWN : config, statusCode).observe(elapsedTime / 1000);
      done();
    });
  }

  readings(): Reading<Durations>[] {
    return [...this.byRoute].flatMap(([{ url, method }, byStatus]) =>
      [...byStatus].map(([status, value]) => ({
        labels: { method: String(method), route: String(url), status: String(status) },
        value,
      })),
    );
  }

  private durationsOf(route: RouteConfig, status: number): Durations {
    const byStatus = this.byRoute.get(route) ?? new Map<number, Durations>();
    const known = byStatus.get(status);
    if (known) return known;
    const durations = Durations.ofWaiting();
    this.byRoute.set(route, byStatus.set(status, durations));
    return durations;
  }
}

export const requestFigureDescriptions = defineFigures({
  coatcheck_http_request_duration_seconds: {
    kind: 'durations',
    help: 'How long requests took until the answer was sent, by the route as registered and the status; measured by the service alone.',
    labels: ['method', 'route', 'status'],
  },
});

export function requestFigures(host: HttpAdapterHost): Figure[] {
  return figuresOf(requestFigureDescriptions, {
    coatcheck_http_request_duration_seconds: () => RequestTimes.of(host).readings(),
  });
}
