import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { requestOf } from '../../edge/edge.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Challenges } from '../../http/challenges.js';
import { ProblemDetailsFilter } from '../../http/problem-details.filter.js';
import { PageErrorFilter } from '../../pages/page-error.filter.js';
import { PagePaths } from '../../pages/page-paths.js';
import { PageReplies } from '../../pages/page-replies.js';
import { prefersHtml } from '../../pages/prefers-html.js';

/** Browsers that show a page say so; programs are answered in JSON. */
export function isPageWanted({ headers }: HttpRequest): boolean {
  return prefersHtml(headers.accept);
}

/** At an address of both, a refusal is of the kind that was asked for. Forms are sent by pages only. */
@Catch()
@Injectable()
export class InteractionErrorFilter extends PageErrorFilter {
  constructor(
    adapterHost: HttpAdapterHost,
    challenges: Challenges,
    replies: PageReplies,
    paths: PagePaths,
    private readonly forPrograms: ProblemDetailsFilter,
  ) {
    super(adapterHost, challenges, replies, paths);
  }

  override catch(thrown: unknown, host: ArgumentsHost): unknown {
    const request = requestOf(host);
    const isForm = request.method !== 'GET' && request.method !== 'HEAD';
    return isForm || isPageWanted(request) ? super.catch(thrown, host) : this.forPrograms.catch(thrown, host);
  }
}
