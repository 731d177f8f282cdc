import type { HttpAdapterHost } from '@nestjs/core';

interface RegisteredRoute {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** In place of one where there is none: on the command line. */
const NO_SERVER = {};
const tables = new WeakMap<object, RouteTable>();

/** Which methods each path takes, so that a known path with an odd method is 405, not 404 (RFC 9110 §15.5.6). */
export class RouteTable {
  private readonly routes: RegisteredRoute[] = [];

  /** The table of this server; empty until routes are registered. */
  static of({ httpAdapter }: HttpAdapterHost): RouteTable {
    return tables.get(httpAdapter?.getInstance() ?? NO_SERVER) ?? new RouteTable();
  }

  /** Watches a Fastify instance register its routes. Call before the application initialises. */
  static watch(fastify: {
    addHook(name: 'onRoute', hook: (route: { url: string; method: string | string[] }) => void): unknown;
  }) {
    const table = new RouteTable();
    tables.set(fastify, table);
    fastify.addHook('onRoute', ({ url, method }) => table.add(url, [method].flat()));
  }

  /** Methods of every route whose path matches; empty for an unknown path. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }

  private add(url: string, methods: readonly string[]): void {
    if (url.includes('*')) return;
    const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+');
    this.routes.push({ pattern: new RegExp(`^${escaped}$`), methods });
  }
}
