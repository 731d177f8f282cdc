import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/**
 * Tokens that the user made, as an admin, so that clients may register: a thief in an admin's session could make one, and wait until its owner
 * has recovered. `revokeAll` ends everyone's by the epoch that each was made in.
 */
@Injectable()
export class RegistrationTokenHolding extends StatementHolding {
  readonly name = 'registration_tokens';
  readonly column = 'invitations';

  statements({ userId, since }: Ending, bind: Bind): readonly string[] {
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    return [`DELETE FROM coatcheck.oauth_registration_tokens WHERE created_by = ${bind(userId)} ${limit}`];
  }
}
