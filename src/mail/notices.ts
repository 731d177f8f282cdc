import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Errand } from './errand.js';
import type { LetterValues, NoticeKind } from './letters/letter-values.js';
import { Letters } from './letters/letters.js';
import { PostOffice } from './post-office.js';

/** Tells users what happened, by mails that carry no secret. */
@Injectable()
export class Notices {
  constructor(
    private readonly postOffice: PostOffice,
    private readonly letters: Letters,
  ) {
    postOffice.writes('notice', async (errand) => this.write(errand));
  }

  /**
   * Posts one notice; none to a service user, which has no mailbox.
   *
   * @param user whose mailbox it goes to: the address as stored at the time
   * @param within the transaction of what it tells of
   */
  send<K extends NoticeKind>(
    notice: K,
    user: { readonly id: string; readonly email: string | null },
    values: LetterValues[K],
    within?: EntityManager,
  ): Promise<void> {
    if (user.email === null) return Promise.resolve();
    return this.postOffice.post({ ...values, kind: 'notice', notice, userId: user.id, email: user.email }, within);
  }

  private write({ kind: _kind, notice, email, userId: _userId, ...values }: Errand) {
    return this.letters.write(notice as NoticeKind, String(email), values as never);
  }
}
