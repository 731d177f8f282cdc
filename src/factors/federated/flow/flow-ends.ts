import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { coreOptions } from '../../../config/core-options.js';
import { Options } from '../../../config/options.js';
import type { HttpExchange } from '../../../edge/http-exchange.js';
import { PageReplies } from '../../../pages/page-replies.js';
import { type SeeOther } from '../../../pages/page-view.js';

/** Where a flow ends: on a page of ours, or at an address with words for it in its fragment, which no server is told. */
export type FlowEnd = { readonly page: SeeOther } | { readonly address: string; readonly said: FragmentWords };

/** The words of the fragment. */
export type FragmentWords = Readonly<Record<string, string>>;

/** Sends browsers on at the end of a flow (303). */
@Injectable()
export class FlowEnds {
  private readonly publicUrl: string;

  constructor(
    private readonly pages: PageReplies,
    private readonly adapterHost: HttpAdapterHost,
    options: Options,
  ) {
    this.publicUrl = options.of(coreOptions).publicUrl;
  }

  /** Where a browser goes when no address was given. */
  get nowhere(): string {
    return this.publicUrl;
  }

  /** @returns the body: nothing */
  redirect(end: FlowEnd, exchange: HttpExchange): string {
    if ('page' in end) return this.pages.redirect(end.page, exchange);
    const { httpAdapter } = this.adapterHost;
    const fragment = new URLSearchParams(end.said).toString();
    httpAdapter.setHeader(exchange.reply, 'Location', fragment === '' ? end.address : `${end.address}#${fragment}`);
    httpAdapter.setHeader(exchange.reply, 'Referrer-Policy', 'no-referrer');
    httpAdapter.status(exchange.reply, 303);
    return '';
  }
}
