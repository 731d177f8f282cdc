import {
  type ArgumentsHost,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type PipeTransform,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { replyOf, requestOf } from '../edge/edge.js';
import type { HttpExchange, HttpReply } from '../edge/http-exchange.js';
import { type Caller, Callers } from './caller.js';
import { Cookies, type CookieToSet } from './cookies.js';

/** Sets cookies, headers and the status of a reply, on either HTTP adapter. Its body is the controller's. */
export interface Replier {
  setCookie(cookie: CookieToSet): void;
  clearCookie(cookie: Pick<CookieToSet, 'name' | 'path'>): void;
  /** Sets a header, in the place of any of that name. */
  header(name: string, value: string): void;
  /** The status, where it is not the route's own. */
  status(code: number): void;
}

/** Creates the {@link Replier} of a request. */
@Injectable()
export class Repliers {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly cookies: Cookies,
  ) {}

  /** @param reply undefined where there is none: then headers are left out, and a cookie cannot be set (TypeError) */
  of(reply: HttpReply | undefined): Replier {
    if (reply === undefined) return WITHOUT_REPLY;
    const { httpAdapter } = this.adapterHost;
    return {
      setCookie: (cookie) => this.cookies.set(reply, cookie),
      clearCookie: (cookie) => this.cookies.clear(reply, cookie),
      header: (name, value) => httpAdapter.setHeader(reply, name, value),
      status: (code) => httpAdapter.status(reply, code),
    };
  }

  /** Of whatever is running: a route, a GraphQL resolver, a message of a WebSocket (which has no reply). */
  replierOf(context: ArgumentsHost): Replier {
    return this.of(replyOf(context));
  }
}

const WITHOUT_REPLY: Replier = {
  setCookie: noReply,
  clearCookie: noReply,
  header: () => undefined,
  status: () => undefined,
};

function noReply(): never {
  throw new TypeError('there is no reply to set a cookie on: this context shows none');
}

/** The {@link Caller} of a request and the {@link Replier} of its reply. */
export interface Exchange {
  readonly caller: Caller;
  readonly replier: Replier;
}

@Injectable()
class ExchangePipe implements PipeTransform<() => Partial<HttpExchange> & Pick<HttpExchange, 'request'>, Exchange> {
  constructor(
    private readonly callers: Callers,
    private readonly repliers: Repliers,
  ) {}

  transform(exchange: () => Partial<HttpExchange> & Pick<HttpExchange, 'request'>): Exchange {
    const { request, reply } = exchange();
    return { caller: this.callers.read(request), replier: this.repliers.of(reply) };
  }
}

// Behind a function: a host's own pipes, which see every parameter, might copy what they take for data.
const RawExchange = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  return () => ({ request: requestOf(context), reply: replyOf(context) });
});

/** The {@link Exchange} of the request, whether or not a user is logged in. */
export const CurrentExchange = (): ParameterDecorator => RawExchange(ExchangePipe);
