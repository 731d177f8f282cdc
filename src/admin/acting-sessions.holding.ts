import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../security/holding.js';
import { StatementHolding } from '../security/statement-holding.js';

/**
 * Sessions in which the user, as an admin, acts as another user: no other session of theirs, so all of them end. The sessions themselves
 * may be in another store, and are good for nothing without a row of these.
 */
@Injectable()
export class ActingSessionsHolding extends StatementHolding {
  readonly name = 'acting_sessions';
  readonly column = 'sessions';

  statements({ userId, event }: Ending, bind: Bind): readonly string[] {
    const user = bind(userId);
    const which = event === 'deleted' ? `actor_id = ${user} OR user_id = ${user}` : `actor_id = ${user}`;
    return [`DELETE FROM coatcheck.acting_sessions WHERE ${which}`];
  }
}
