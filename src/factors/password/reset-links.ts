import { Injectable } from '@nestjs/common';
import { LinkHolding } from '../../security/link-holding.js';
import { PASSWORD_RESET } from './password-reset-mails.js';

/** Links that set a new password. */
@Injectable()
export class ResetLinks extends LinkHolding {
  readonly name = 'reset_links';
  readonly column = 'resetLinks';
  readonly purpose = PASSWORD_RESET;
}
