import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Commits } from './commits.js';
import { Courier } from './courier.js';
import type { Errand, ErrandWriter } from './errand.js';
import { ErrandQueue } from './errand-queue.js';

/**
 * Takes errands, and sees to it that each becomes a mail or is found not to be due: through a queue in the database, so that no
 * answer waits for SMTP, fails by it, or tells by its time what was mailed, and nothing is lost when a process ends.
 *
 * To post is one insert of one row, whatever comes of it. So post the same errand for a known and an unknown address, and let
 * the writer find out which it is.
 *
 * @example
 * constructor(private readonly postOffice: PostOffice) {
 *   postOffice.writes('password-reset', (errand: ResetErrand) => this.write(errand));
 * }
 * await postOffice.post({ kind: 'password-reset', email });
 */
@Injectable()
export class PostOffice {
  constructor(
    private readonly queue: ErrandQueue,
    private readonly courier: Courier,
    private readonly commits: Commits,
  ) {}

  /**
   * Says who writes the mails of a kind; in a constructor, so that it is said before the first is due.
   *
   * @throws TypeError when somebody else does
   */
  writes<E extends Errand>(kind: E['kind'], writer: ErrandWriter<E>): void {
    this.courier.addWriter(kind, writer as ErrandWriter);
  }

  /** Returns when the errand is in the queue. `within` is the transaction of the change it tells of: it leaves if that commits. */
  async post(errand: Errand, within?: EntityManager): Promise<void> {
    await this.queue.add(errand, within);
    this.commits.after(within, () => this.courier.wake());
  }

  /** Resolves as soon as nothing that this process may send is due or being sent. What failed is due later. */
  settled(): Promise<void> {
    return this.courier.settled();
  }
}
