import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { HEADERS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost, MetadataScanner, ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { MountedRoutes } from './mounted-routes.js';
import { OWN_CONTROLLERS, type OwnController } from './mounting.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

const WELL_KNOWN = /^\/?\.well-known\//;

/**
 * Documents that others look for at the root of the host (RFC 8615), whatever prefix or version the application gives its routes: there
 * they are as well. Public, read-only and without parameters.
 */
@Injectable()
export class WellKnownDocuments implements OnModuleInit {
  constructor(
    @Inject(OWN_CONTROLLERS) private readonly controllers: readonly OwnController[],
    private readonly adapterHost: HttpAdapterHost,
    private readonly routes: MountedRoutes,
    private readonly filter: ProblemDetailsFilter,
    private readonly moduleRef: ModuleRef,
  ) {}

  /** Nest has mapped its routes by now, and has no answer yet to what it does not know. */
  onModuleInit(): void {
    // Absent where the command line runs.
    if (!this.adapterHost.httpAdapter) return;
    for (const { controller } of this.controllers) this.serve(controller);
  }

  private serve(controller: Type): void {
    const path: string = Reflect.getMetadata(PATH_METADATA, controller);
    const method = handlerIn(controller);
    if (!WELL_KNOWN.test(path) || method === undefined) return;
    const root = `/${path.replace(/^\//, '')}`;
    if (this.routes.pathsOf(root).includes(root) || this.isTaken(root)) return;
    this.adapterHost.httpAdapter.get(root, (request: object, reply: object) =>
      this.answer(controller, method, request, reply),
    );
  }

  private async answer(controller: Type, method: string, request: object, reply: object): Promise<void> {
    const adapter = this.adapterHost.httpAdapter;
    try {
      const document: unknown = await this.moduleRef.get(controller, { strict: false })[method]();
      const headers: { name: string; value: string }[] =
        Reflect.getMetadata(HEADERS_METADATA, controller.prototype[method]) ?? [];
      for (const { name, value } of headers) adapter.setHeader(reply, name, value);
      adapter.setHeader(reply, 'Content-Type', 'application/json; charset=utf-8');
      adapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
      adapter.reply(reply, JSON.stringify(document), 200);
    } catch (error) {
      this.filter.catch(error, new ExecutionContextHost([request, reply]));
    }
  }

  /** Fastify refuses a second route of one path; the application's own comes first. */
  private isTaken(path: string): boolean {
    const instance = this.adapterHost.httpAdapter.getInstance();
    return instance.hasRoute?.({ method: 'GET', url: path }) ?? false;
  }
}

function handlerIn({ prototype }: Type): string | undefined {
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .find((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]));
}
