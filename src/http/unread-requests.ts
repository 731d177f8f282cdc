import { type ExceptionFilter, Inject, Injectable, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost, MetadataScanner, ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AUTH_ROUTES } from './coatcheck-route.js';
import { MountedRoutes } from './mounted-routes.js';
import { declaredPath, MOUNTED_BELOW, OWN_CONTROLLERS, type OwnController } from './mounting.js';

/** The form in which the frameworks hand a request to their error handler. */
interface UnreadRequest {
  readonly method: string;
  readonly url: string;
  /** Express: as it was sent, whatever router is asked now. */
  readonly originalUrl?: string;
}

interface OwnRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly controller: Type;
  readonly handler: object;
}

type ErrorHandler = (error: unknown, request: UnreadRequest, reply: object, next?: unknown) => unknown;

/**
 * Answers what a parser or a middleware refuses before a route is reached, such as malformed JSON: on our routes by the filter of their
 * controller, as the API document says. Elsewhere the application's own error handler answers.
 */
@Injectable()
export class UnreadRequests implements OnModuleInit {
  private routes: readonly OwnRoute[] | undefined;

  constructor(
    @Inject(OWN_CONTROLLERS) private readonly controllers: readonly OwnController[],
    private readonly adapterHost: HttpAdapterHost,
    private readonly mounted: MountedRoutes,
    private readonly moduleRef: ModuleRef,
  ) {}

  /** Nest sets its error handler, which asks the application's global filters, after this. */
  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    // Absent where the command line runs.
    if (!adapter?.setErrorHandler) return;
    const setErrorHandler = adapter.setErrorHandler.bind(adapter);
    adapter.setErrorHandler = (handler: ErrorHandler, prefix?: string) =>
      // Express knows error handlers by their four parameters.
      setErrorHandler((error: unknown, request: UnreadRequest, reply: object, next: unknown) => {
        const route = adapter.isHeadersSent(reply) ? undefined : this.routeOf(request);
        return route ? this.refuse(route, error, [request, reply, next]) : handler(error, request, reply, next);
      }, prefix);
  }

  private refuse({ controller, handler }: OwnRoute, error: unknown, args: unknown[]): void {
    const [filter]: Type<ExceptionFilter>[] = Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, controller);
    const context = new ExecutionContextHost(args, controller, handler as () => unknown);
    this.moduleRef.get(filter!, { strict: false }).catch(error, context);
  }

  private routeOf({ method, url, originalUrl }: UnreadRequest): OwnRoute | undefined {
    const [path] = (originalUrl ?? url).split('?', 1);
    this.routes ??= this.controllers.flatMap(({ controller }) => this.routesOf(controller));
    return this.routes.find((route) => route.method === method && route.pattern.test(path!));
  }

  private routesOf(controller: Type): OwnRoute[] {
    if (Reflect.getMetadata(AUTH_ROUTES, controller) !== true) return [];
    const { prototype } = controller;
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
      if (method === undefined) return [];
      const below = [Reflect.getMetadata(PATH_METADATA, handler)].flat() as string[];
      return below
        .flatMap((path) => this.pathsOf(controller, path))
        .map((path) => ({ method: RequestMethod[method], pattern: patternOf(path), controller, handler }));
    });
  }

  private pathsOf(controller: Type, below: string): string[] {
    const isPage = Reflect.hasMetadata(MOUNTED_BELOW, controller);
    const path = (base: string) => `/${base}/${below}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
    if (isPage) return [this.mounted.neutralPathOf(path(Reflect.getMetadata(PATH_METADATA, controller)))];
    return this.mounted.pathsOf(path(declaredPath(controller)));
  }
}

/** As generous as Express: letters of either case, and a slash at the end. */
function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+');
  return new RegExp(`^${escaped}/?$`, 'i');
}
