import { Injectable } from '@nestjs/common';
import { LinkHolding } from './link-holding.js';
import { NOT_ME } from './security-notifications.js';

/** Links in notices of a way in, by which their reader says "this was not me". */
@Injectable()
export class NotMeLinks extends LinkHolding {
  readonly name = 'not_me_links';
  readonly column = 'notMeLinks';
  readonly purpose = NOT_ME;
}
