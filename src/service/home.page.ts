import { Get, Req } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { coreOptions } from '../config/core-options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { PageController } from '../pages/page-controller.js';
import { PageEntry } from '../pages/page-entry.js';
import type { SeeOther } from '../pages/page-view.js';
import { pagesOptions } from '../pages/pages-options.js';

/** `GET /` in production; in development it says more, see `HomeController`. */
@PageController('', 'sign-in', (options) => {
  return options.of(coreOptions).nodeEnv === 'production' && options.of(pagesOptions).pagesPath === '';
})
export class HomePage {
  constructor(private readonly entry: PageEntry) {}

  @Get()
  @Public()
  showHome(@Req() request: HttpRequest): SeeOther {
    return this.entry.next(request);
  }
}
