import { Injectable } from '@nestjs/common';
import { LinkHolding } from '../security/link-holding.js';
import { UNLOCK } from './lock-notifications.js';

/** Links that unlock logging in. */
@Injectable()
export class UnlockLinks extends LinkHolding {
  readonly name = 'unlock_links';
  readonly column = 'unlockLinks';
  readonly purpose = UNLOCK;
}
