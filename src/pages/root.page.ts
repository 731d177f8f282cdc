import { Get, Req } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { PageController } from './page-controller.js';
import { PageEntry } from './page-entry.js';
import type { SeeOther } from './page-view.js';
import { pagesOptions } from './pages-options.js';

/** `PAGES_PATH` itself. Where it is empty, that address is the application's. */
@PageController('', 'sign-in', (options) => options.of(pagesOptions).pagesPath !== '')
export class RootPage {
  constructor(private readonly entry: PageEntry) {}

  @Get()
  @Public()
  show(@Req() request: HttpRequest): SeeOther {
    return this.entry.next(request);
  }
}
