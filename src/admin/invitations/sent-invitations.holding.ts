import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/**
 * Open invitations that the user has sent, as an admin: a thief in an admin's session could invite themselves, and wait until its owner has
 * recovered. `revokeAll` ends everyone's by the epoch that each was made in.
 */
@Injectable()
export class SentInvitations extends StatementHolding {
  readonly name = 'sent_invitations';
  readonly column = 'invitations';

  statements({ userId, since }: Ending, bind: Bind): readonly string[] {
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    return [`DELETE FROM coatcheck.invitations WHERE invited_by = ${bind(userId)} ${limit}`];
  }
}
