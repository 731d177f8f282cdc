import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../security/holding.js';
import { LinkHolding } from '../security/link-holding.js';
import { EMAIL_CHANGE, EMAIL_CHANGE_UNDO } from '../users/email-changes.js';

/** Changes of address that were requested: links that confirm a new one. */
@Injectable()
export class EmailChangeLinks extends LinkHolding {
  readonly name = 'email_change_links';
  readonly column = 'emailChangeLinks';
  readonly purpose = EMAIL_CHANGE;

  override statements(of: Ending, bind: Bind): readonly string[] {
    const links = super.statements(of, bind);
    return of.event === 'deleted'
      ? [...links, `DELETE FROM coatcheck.email_changes WHERE user_id = ${bind(of.userId)}`]
      : links;
  }
}

/** Links that take a change of address back. */
@Injectable()
export class UndoLinks extends LinkHolding {
  readonly name = 'undo_links';
  readonly column = 'undoLinks';
  readonly purpose = EMAIL_CHANGE_UNDO;
}
