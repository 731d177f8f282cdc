import { Injectable } from '@nestjs/common';
import { LinkHolding } from '../security/link-holding.js';
import { EMAIL_VERIFICATION } from '../users/mailed-tokens.js';

/** Links that verify an address. */
@Injectable()
export class VerificationLinks extends LinkHolding {
  readonly name = 'verification_links';
  readonly column = 'verificationLinks';
  readonly purpose = EMAIL_VERIFICATION;
}
