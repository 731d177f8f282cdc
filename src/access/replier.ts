import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Cookies, type CookieToSet } from './cookies.js';
import type { HttpReply } from './http-exchange.js';

/** What anything below a controller may add to a reply. Its body is the controller's. */
export interface Replier {
  setCookie(cookie: CookieToSet): void;
  clearCookie(cookie: Pick<CookieToSet, 'name' | 'path'>): void;
  /** Sets a header, in the place of any of that name. */
  header(name: string, value: string): void;
  /** The status, where it is not the route's own. */
  status(code: number): void;
}

/** The edge: makes repliers of the framework's replies. */
@Injectable()
export class Repliers {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly cookies: Cookies,
  ) {}

  of(reply: HttpReply): Replier {
    const { httpAdapter } = this.adapterHost;
    return {
      setCookie: (cookie) => this.cookies.set(reply, cookie),
      clearCookie: (cookie) => this.cookies.clear(reply, cookie),
      header: (name, value) => httpAdapter.setHeader(reply, name, value),
      status: (code) => httpAdapter.status(reply, code),
    };
  }
}

@Injectable()
class ReplierPipe implements PipeTransform<() => HttpReply, Replier> {
  constructor(private readonly repliers: Repliers) {}

  transform(reply: () => HttpReply): Replier {
    return this.repliers.of(reply());
  }
}

// Behind a function, as the request: a host's own pipes might copy what they take for data.
const RawReply = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  return () => context.switchToHttp().getResponse<HttpReply>();
});

/** The {@link Replier} of the request. */
export const CurrentReplier = (): ParameterDecorator => RawReply(ReplierPipe);
