import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Options } from '../../config/options.js';
import { toAuthError } from '../../http/problem-details.filter.js';
import { requestIdOf } from '../../http/request-id.js';
import { isOAuthOn } from '../oauth-options.js';
import { OAuthHandling } from './oauth-handling.js';
import { OAuthReplies } from './oauth-replies.js';
import { foldedPath, isClaimed } from './oauth-routes.js';

type Next = (error?: unknown) => void;

/**
 * Lays the provider in front of the framework, on either adapter: before its parsers read a body, and untouched by prefixes, versions, pipes
 * and filters. It answers all that is below `/oauth`, but for the interactions, and the two discovery documents.
 */
@Injectable()
export class OAuthMount implements OnModuleDestroy {
  private readonly logger = new Logger('oauth');
  private readonly subscription: { unsubscribe(): void } | undefined;

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly handling: OAuthHandling,
    private readonly replies: OAuthReplies,
    options: Options,
  ) {
    if (!isOAuthOn(options)) return;
    // Replayed: also when the adapter was there before us.
    this.subscription = adapterHost.init$.subscribe(() => {
      adapterHost.httpAdapter?.use((request: IncomingMessage, response: ServerResponse, next: Next) =>
        this.handle(request, response, next),
      );
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private handle(request: IncomingMessage, response: ServerResponse, next: Next): void {
    const path = foldedPath(urlOf(request));
    if (path === null || !isClaimed(path)) {
      next();
      return;
    }
    const requestId = requestIdOf(request as Parameters<typeof requestIdOf>[0]);
    this.replies.begin(response, requestId);
    void this.handling.answer(request, response, { path, requestId }).catch((error: unknown) => {
      this.fail(error, response, requestId);
    });
  }

  private fail(thrown: unknown, response: ServerResponse, requestId: string): void {
    // The client has gone, or has had its answer: no reply can be sent.
    if (response.headersSent || response.destroyed) return;
    const error = toAuthError(thrown);
    if (error.status < 500) {
      if (error.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="coatcheck"');
      this.replies.problem(response, error.code, requestId);
      return;
    }
    if (error.code === 'unavailable') {
      this.logger.warn(`${error.message} [${requestId}]`);
      this.replies.unavailable(response, error.retryAfterSeconds ?? 1);
      return;
    }
    const cause = error.cause instanceof Error ? error.cause.stack : error.stack;
    this.logger.error(`${error.message} [${requestId}]`, cause);
    this.replies.oauthError(response, 500, {
      error: 'server_error',
      error_description: 'an unexpected error occurred',
    });
  }
}

/** As received: a framework may have taken a part off. */
function urlOf(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}
