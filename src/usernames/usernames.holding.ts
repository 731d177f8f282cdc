import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../security/holding.js';
import { StatementHolding } from '../security/statement-holding.js';

/**
 * The username of a user. By the first proof of the mailbox the one ends that a user chose before, who may be another person. After a deletion
 * only the name stays, for a while, and not whose it was.
 */
@Injectable()
export class UsernamesHolding extends StatementHolding {
  readonly name = 'usernames';
  readonly column = 'usernames';

  statements({ userId, event, at }: Ending, bind: Bind): readonly string[] {
    const mine = `user_id = ${bind(userId)}`;
    const released = `released_at = coalesce(released_at, ${bind(at)})`;
    if (event === 'deleted')
      return [`UPDATE coatcheck.usernames SET ${released}, user_id = NULL, username = canonical WHERE ${mine}`];
    return [`UPDATE coatcheck.usernames SET ${released} WHERE ${mine} AND is_chosen`];
  }
}
