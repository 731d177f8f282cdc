import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Ending, Holding } from '../../security/holding.js';
import { UnprovenUsers } from '../../users/unproven-users.js';
import { PasswordStore } from './password.store.js';
import { PasswordSetter } from './password-setter.js';

/** The password. When it ends none is right any more, and a link to set a new one is mailed: to the mailbox that the event proved, else to the account's. */
@Injectable()
export class PasswordHolding extends Holding {
  readonly name = 'password';
  readonly column = 'password';

  constructor(
    private readonly passwords: PasswordStore,
    private readonly passwordSetter: PasswordSetter,
    private readonly unproven: UnprovenUsers,
  ) {
    super();
  }

  async end({ userId, event, mailbox }: Ending, tx: EntityManager): Promise<void> {
    if (event === 'deleted' || event === 'mailbox_proven') await this.unproven.remove(userId, tx);
    if (event === 'deleted') await this.passwords.delete(userId, tx);
    else await this.passwordSetter.takeAway(userId, mailbox, tx);
  }
}
