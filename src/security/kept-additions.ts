import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { NotificationReader } from '../users/email-changes.js';
import type { AddedWayIn, Ending, Holding } from './holding.js';
import { SecurityNotifications } from './security-notifications.js';
import { securityOptions } from './security-options.js';

/**
 * Tells a user who takes something back what was added shortly before it and stays: a thief may have set up a way in, and only then have
 * done what was noticed. So the notices of then are not needed.
 */
@Injectable()
export class KeptAdditions {
  private readonly milliseconds: number;

  constructor(
    private readonly notifications: SecurityNotifications,
    options: Options,
  ) {
    this.milliseconds = 1000 * options.of(securityOptions).notMeSeconds;
  }

  /**
   * Mails what was added within `NOT_ME_SECONDS` before what ends, with a link that takes away the earliest of it and all from then on.
   * Nothing without any.
   *
   * @param due what ends, and which part of it: only what has a part that stays is asked
   * @param reader the mailbox that takes it back, and no other
   * @param tx the transaction of the event
   */
  async tell(due: readonly [Holding, Ending][], reader: NotificationReader, tx: EntityManager): Promise<void> {
    const kept: AddedWayIn[] = [];
    for (const [holding, { userId, since: before, at }] of due) {
      if (!before) continue;
      const since = new Date(before.getTime() - this.milliseconds);
      kept.push(...(await holding.addedWithin({ userId, since, before, at }, tx)));
    }
    if (kept.length === 0) return;
    kept.sort((one, other) => one.addedAt.getTime() - other.addedAt.getTime());
    const additions = kept.map(({ what, addedAt }) => ({ what, at: addedAt.toISOString() }));
    await this.notifications.sendWayInTo(
      'kept-additions',
      reader,
      { additions },
      { since: kept[0]!.addedAt, within: tx },
    );
  }
}
