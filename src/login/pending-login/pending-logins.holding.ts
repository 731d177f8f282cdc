import { Injectable } from '@nestjs/common';
import { StatementHolding } from '../../security/statement-holding.js';

/**
 * Logins that have begun and are not finished. They are in the hands of their clients, and no store could tell which are a user's: each
 * is bound to the epochs and to the roles that its user had when it began, so it ends with all sessions and with a change of roles.
 */
@Injectable()
export class PendingLoginsHolding extends StatementHolding {
  readonly name = 'pending_logins';
  readonly column = 'pendingLogins';

  statements(): readonly string[] {
    return [];
  }
}
