import { Get } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import { CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { PageController } from './page-controller.js';
import { type PageView, view } from './page-view.js';

/** Where something outside, such as a proxy, may send people to whom it cannot serve what they asked for. */
@PageController('problem', 'sign-in')
export class ProblemPage {
  @Get()
  @Public()
  show(@CurrentCaller() { requestId }: Caller): PageView {
    const problem = { code: 'unavailable', status: 503, fields: [], retryAfterSeconds: null } as const;
    return view('problem', { problem, requestId, back: null });
  }
}
