import type { Bind, Ending } from './holding.js';
import { StatementHolding } from './statement-holding.js';

/** Mailed links of one purpose that were not used yet. */
export abstract class LinkHolding extends StatementHolding {
  /** As `MailedTokens` knows it. */
  abstract readonly purpose: string;

  statements({ userId, event, at, since }: Ending, bind: Bind): readonly string[] {
    const which = `user_id = ${bind(userId)} AND purpose = ${bind(this.purpose)}`;
    if (event === 'deleted') return [`DELETE FROM coatcheck.mailed_tokens WHERE ${which}`];
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    const pending = `${which} AND consumed_at IS NULL ${limit}`;
    return [`UPDATE coatcheck.mailed_tokens SET consumed_at = ${bind(at)} WHERE ${pending}`];
  }
}
