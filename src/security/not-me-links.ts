import { Injectable } from '@nestjs/common';
import { LinkHolding } from './link-holding.js';
import { NOT_ME } from './security-notifications.js';

/** Links in notices of a way in, which say that it was somebody else. */
@Injectable()
export class NotMeLinks extends LinkHolding {
  readonly name = 'not_me_links';
  readonly column = 'notMeLinks';
  readonly purpose = NOT_ME;
}
