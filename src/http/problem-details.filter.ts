import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError } from 'rxjs';
import { asUnavailable } from '../database/unreachable-database.js';
import { findRequest, replyOf } from '../edge/edge.js';
import type { HttpReply } from '../edge/http-exchange.js';
import { AuthError, type AuthErrorCode, type FieldError } from '../kernel/auth-error.js';
import { Challenges } from './challenges.js';
import { ProblemDetails } from './problem-details.js';
import { graphqlRefusal, refusalPayload, sendRefusal } from './refusal-forms.js';
import { requestIdFrom, requestIdOf } from './request-id.js';

/** Codes for what the framework throws; any other 4xx is a malformed request. */
const CODE_OF_STATUS: Readonly<Record<number, AuthErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/**
 * Turns whatever was thrown into problem details (RFC 9457); in a GraphQL resolver into an error with our code, in a message handler of
 * a WebSocket into the event `exception`, in one of a microservice into its error. What the client reads is only the code's own words;
 * the reason and the cause go to the log.
 */
@Catch()
@Injectable()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(
    protected readonly adapterHost: HttpAdapterHost,
    protected readonly challenges: Challenges,
  ) {}

  /** Returns what that kind of context expects of a filter: nothing, an error for GraphQL, a failing Observable for `rpc`. */
  catch(thrown: unknown, host: ArgumentsHost): unknown {
    const error = toAuthError(thrown);
    const requestId = idIn(host);
    this.log(error, requestId);
    switch (host.getType<string>()) {
      case 'http':
        return this.reply(error, requestId, replyOf(host)!, host);
      case 'graphql':
        this.markReply(requestId, replyOf(host));
        return graphqlRefusal(error, requestId);
      case 'ws':
        return sendRefusal(host, error, requestId);
      case 'rpc':
        return throwError(() => refusalPayload(error, requestId));
      default:
        throw error;
    }
  }

  /** Answers over HTTP. */
  protected reply(error: AuthError, requestId: string, reply: HttpReply, _host: ArgumentsHost): void {
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'Content-Type', 'application/problem+json; charset=utf-8');
    adapter.setHeader(reply, 'Cache-Control', 'no-store');
    adapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
    this.markRefusal(error, requestId, reply);
    // As text: no serializer of the host, and no hook of its, is to make another body of it.
    adapter.reply(reply, JSON.stringify(ProblemDetails.of(error, requestId)), error.status);
  }

  /** The headers of a refusal, whatever its body. */
  protected markRefusal(error: AuthError, requestId: string, reply: HttpReply): void {
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'X-Request-Id', requestId);
    const challenge = this.challenges.of(error);
    if (challenge !== null) adapter.setHeader(reply, 'WWW-Authenticate', challenge);
    if (error.status === 429 || error.status === 503) {
      adapter.setHeader(reply, 'Retry-After', String(error.retryAfterSeconds ?? 1));
    }
  }

  /** Queries may be asked with GET, and their replies be cached. */
  private markReply(requestId: string, reply: HttpReply | undefined): void {
    const adapter = this.adapterHost.httpAdapter;
    if (!reply || adapter.isHeadersSent(reply)) return;
    adapter.setHeader(reply, 'Cache-Control', 'no-store');
    adapter.setHeader(reply, 'X-Request-Id', requestId);
  }

  protected log(error: AuthError, requestId: string): void {
    if (error.status < 500) {
      // A known user was refused, which an operator is asked about; other refusals any client can cause, in any number.
      const level = error.code === 'forbidden' ? 'log' : 'debug';
      this.logger[level](`${error.message} [${requestId}]`);
      return;
    }
    if (error.code === 'unavailable') {
      // Expected in an outage or a flood, then thousands of times: one line each, no stack.
      this.logger.warn(`${error.message} [${requestId}]`);
      return;
    }
    const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.stack;
    this.logger.error(`${error.message} [${requestId}]`, cause);
  }
}

/** Of the request, or of the handshake of its connection; a fresh one where there is none. Throws nothing: it is needed for refusals. */
function idIn(host: ArgumentsHost): string {
  try {
    const request = findRequest(host);
    if (request) return requestIdOf(request as Parameters<typeof requestIdOf>[0]);
  } catch {
    // A ticket after the handshake that is too long: the refusal is about that.
  }
  return requestIdFrom({});
}

/** Every cause as one of ours: the framework's by its status, the database's by its code, anything else `internal_error`. */
export function toAuthError(thrown: unknown): AuthError {
  const known = asUnavailable(thrown);
  if (known instanceof AuthError) return known;
  const status = known instanceof HttpException ? known.getStatus() : statusOf(known);
  if (status >= 400 && status < 600 && status !== 500) {
    const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'validation_failed' : 'internal_error');
    const errors = code === 'validation_failed' ? [unreadableIn(known)] : undefined;
    return new AuthError(code, { reason: `framework_${status}`, cause: known, errors });
  }
  return new AuthError('internal_error', { reason: 'unexpected', cause: known });
}

/**
 * The part of a request that the framework could not read: the body, else part of the address. In our own words, as the framework's may repeat what was sent.
 */
function unreadableIn(error: unknown): FieldError {
  const cause = error instanceof HttpException ? (error.cause ?? error) : error;
  const { code, type, name } = (cause ?? {}) as { code?: unknown; type?: unknown; name?: unknown };
  const isOfBody =
    name === 'SyntaxError' || String(code).startsWith('FST_ERR_CTP_') || String(type).startsWith('entity.');
  return isOfBody
    ? { field: '', rule: 'isJson', message: 'the body must be valid JSON, and its length must match Content-Length' }
    : { field: '', rule: 'isReadable', message: 'the request cannot be parsed' };
}

/** Parser errors of Express and Fastify carry the status they mean. */
function statusOf(error: unknown): number {
  const { statusCode, status } = (error ?? {}) as { statusCode?: unknown; status?: unknown };
  return Number(statusCode ?? status ?? 500);
}
