import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../access/request-origin.js';
import type { UserRecord } from '../../users/user.store.js';
import type { GoodLoginMail } from './login-mails.js';

/** Finds whose mailbox it was that a mail was read in. */
export abstract class MailboxOwner {
  /**
   * Uses the mail up.
   *
   * @returns the user, as of that moment
   * @throws AuthError `invalid_credentials` for a mail that was used meanwhile, and where its user may not log in by it
   * @throws AuthError `user_banned`
   */
  abstract find(mail: GoodLoginMail, origin: RequestOrigin): Promise<UserRecord>;
}

/** Where the factor finds it: a proof of a mailbox may end what an account holds, factors too, so that it cannot be what a factor is made of. */
@Injectable()
export class MailboxOwners extends MailboxOwner {
  private owner: MailboxOwner | undefined;

  /** Said once, while the application starts. */
  are(owner: MailboxOwner): void {
    this.owner = owner;
  }

  find(mail: GoodLoginMail, origin: RequestOrigin): Promise<UserRecord> {
    if (!this.owner) throw new TypeError('asked before the application has started');
    return this.owner.find(mail, origin);
  }
}
