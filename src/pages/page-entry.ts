import { Injectable } from '@nestjs/common';
import { RequestRecognizer } from '../access/request-recognizer.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { type SeeOther, seeOther } from './page-view.js';

/** Where the pages begin. */
@Injectable()
export class PageEntry {
  constructor(private readonly recognizer: RequestRecognizer) {}

  /** The account, for a browser that has a ticket: should it be good for nothing, the account leads to the sign-in page itself. */
  next(request: HttpRequest): SeeOther {
    return seeOther(this.recognizer.isTicketPresent(request) ? '/account' : '/sign-in');
  }
}
