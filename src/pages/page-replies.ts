import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpExchange, HttpReply } from '../edge/http-exchange.js';
import { Challenges } from '../http/challenges.js';
import { Messages } from './messages.js';
import { PAGE_HEADERS } from './page-headers.js';
import { PagePaths } from './page-paths.js';
import { PageRenderer } from './page-renderer.js';
import type { PageView, SeeOther } from './page-view.js';
import type { PageArea } from './pages-options.js';

/** Sets status and headers of pages and redirects; the body is what each method returns. */
@Injectable()
export class PageReplies {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly renderer: PageRenderer,
    private readonly paths: PagePaths,
    private readonly messages: Messages,
    private readonly challenges: Challenges,
  ) {}

  /** The HTML of a page. */
  show(view: PageView, area: PageArea, exchange: HttpExchange): string {
    const html = this.renderer.render(view, area, exchange);
    this.mark(exchange.reply, view.status, view.headers);
    this.markRefusal(view, exchange.reply);
    this.adapterHost.httpAdapter.setHeader(exchange.reply, 'Content-Type', 'text/html; charset=utf-8');
    return html;
  }

  /** Nothing: the browser follows `Location`. */
  redirect({ path, isWhole, message }: SeeOther, exchange: HttpExchange): string {
    const { reply } = exchange;
    this.mark(reply, 303);
    this.adapterHost.httpAdapter.setHeader(reply, 'Location', isWhole ? path : this.paths.pathOf(path));
    if (message) this.messages.set(message, exchange);
    return '';
  }

  /** A form that was refused is shown again with the headers of that refusal. */
  private markRefusal({ status, retryAfterSeconds }: PageView, reply: HttpReply): void {
    const { httpAdapter } = this.adapterHost;
    if (status === 401) httpAdapter.setHeader(reply, 'WWW-Authenticate', this.challenges.ofPages);
    if (status === 429) httpAdapter.setHeader(reply, 'Retry-After', String(retryAfterSeconds ?? 1));
  }

  private mark(reply: HttpReply, status = 200, headers: Readonly<Record<string, string>> = {}): void {
    const { httpAdapter } = this.adapterHost;
    for (const [name, value] of Object.entries({ ...PAGE_HEADERS, ...headers }))
      httpAdapter.setHeader(reply, name, value);
    httpAdapter.status(reply, status);
  }
}
