import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/** Links and codes to sign in with that were mailed and not used yet. */
@Injectable()
export class LoginMailsHolding extends StatementHolding {
  readonly name = 'login_mails';
  readonly column = 'loginMails';

  statements({ userId, event, at, since }: Ending, bind: Bind): readonly string[] {
    const which = `user_id = ${bind(userId)}`;
    if (event === 'deleted') return [`DELETE FROM coatcheck.login_mails WHERE ${which}`];
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    return [
      `UPDATE coatcheck.login_mails SET consumed_at = ${bind(at)} WHERE ${which} AND consumed_at IS NULL ${limit}`,
    ];
  }
}
