import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../kernel/personal-data.js';
import { LoginMails } from './login-mails.js';

/** When the user was mailed something to sign in with. */
@Injectable()
export class MailboxPersonalData extends PersonalData {
  readonly name = 'loginMails';

  constructor(private readonly mails: LoginMails) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    yield await this.mails.listOf(userId);
  }
}
