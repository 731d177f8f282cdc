import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { toAuthError } from '../../http/problem-details.filter.js';
import { requestIdOf } from '../../http/request-id.js';
import { isOAuthOn } from '../oauth-options.js';
import { OAuthReplies } from '../provider/oauth-replies.js';
import { ResourceMetadata } from './resource-metadata.js';

type Next = (error?: unknown) => void;

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * `GET /.well-known/oauth-protected-resource<path>`: in front of the router, for it is at the root of the origin, whatever prefix or version an
 * application has. Scripts of every origin may read it: it is public.
 *
 * @see RFC 9728 §3
 */
@Injectable()
export class ResourceMetadataMount implements OnModuleDestroy {
  private readonly logger = new Logger('oauth');
  private readonly subscription: { unsubscribe(): void } | undefined;
  /** Of `PUBLIC_URL`: a resource's address has it in front, and so has its document's. */
  private readonly prefix: string;

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly metadata: ResourceMetadata,
    private readonly replies: OAuthReplies,
    options: Options,
  ) {
    this.prefix = new URL(options.of(coreOptions).publicUrl).pathname.replace(/\/$/, '');
    if (!isOAuthOn(options)) return;
    this.subscription = adapterHost.init$.subscribe(() => {
      adapterHost.httpAdapter?.use((request: IncomingMessage, response: ServerResponse, next: Next) =>
        this.handle(request, response, next),
      );
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private handle(
    request: IncomingMessage & { readonly originalUrl?: string },
    response: ServerResponse,
    next: Next,
  ): void {
    const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
    const rest = path.startsWith(WELL_KNOWN) ? path.slice(WELL_KNOWN.length) : null;
    if (rest === null || (rest !== '' && !rest.startsWith('/'))) next();
    else this.serve(request, response, rest);
  }

  private serve(request: IncomingMessage, response: ServerResponse, path: string): void {
    const requestId = requestIdOf(request as Parameters<typeof requestIdOf>[0]);
    this.replies.begin(response, requestId);
    response.setHeader('Access-Control-Allow-Origin', '*');
    void this.answer(request.method ?? '', path, response, requestId).catch((thrown: unknown) => {
      const error = toAuthError(thrown);
      this.logger[error.status < 500 || error.code === 'unavailable' ? 'warn' : 'error'](`${error} [${requestId}]`);
      if (!response.headersSent) this.replies.problem(response, error.code, requestId);
    });
  }

  private async answer(method: string, path: string, response: ServerResponse, requestId: string): Promise<void> {
    if (!METHODS.includes(method)) {
      response.setHeader('Allow', METHODS.join(', '));
      return this.replies.problem(response, 'method_not_allowed', requestId);
    }
    if (method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', METHODS.join(', '));
      response.setHeader('Access-Control-Allow-Headers', '*');
      response.statusCode = 204;
      response.end();
      return;
    }
    const document = await this.documentAt(path);
    if (!document) return this.replies.problem(response, 'not_found', requestId);
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Cache-Control', 'public, max-age=300');
    response.end(method === 'HEAD' ? undefined : JSON.stringify(document));
  }

  private async documentAt(path: string) {
    if (!path.startsWith(this.prefix)) return null;
    return this.metadata.of(path.slice(this.prefix.length));
  }
}
