import { Injectable } from '@nestjs/common';
import { type MailReader, MailReaders } from '../mail/mail-readers.js';
import { UserStore } from './user.store.js';

/** The languages that users have chosen. */
@Injectable()
export class UserLanguages extends MailReaders {
  constructor(private readonly users: UserStore) {
    super();
  }

  async languageOf({ userId, email }: MailReader): Promise<string | null> {
    const user = userId === undefined ? await this.users.findByEmail(email ?? '') : await this.users.find(userId);
    return user?.language ?? null;
  }
}
