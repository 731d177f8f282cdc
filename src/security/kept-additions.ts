import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { NotificationReader } from '../users/email-changes.js';
import { type AddedWayIn, type Ending, HOLDINGS, type Holding, type Period } from './holding.js';
import type { Addition } from './security-mail-templates.js';
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
    @Inject(HOLDINGS) private readonly holdings: readonly Holding[],
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
    const additions = inTheirOrder(kept);
    await this.notifications.sendWayInTo(
      'kept-additions',
      reader,
      { additions },
      { since: new Date(additions[0]!.at), within: tx },
    );
  }

  /** All of a user's additions that are still valid, whenever they were added: for a mailbox that the account was given to. */
  async allOf(userId: string, at: Date, tx: EntityManager): Promise<readonly Addition[]> {
    const period: Period = { userId, since: new Date(0), before: new Date(at.getTime() + 1), at };
    const kept: AddedWayIn[] = [];
    for (const holding of this.holdings) kept.push(...(await holding.addedWithin(period, tx)));
    return inTheirOrder(kept);
  }
}

/** The earliest first. */
function inTheirOrder(ways: readonly AddedWayIn[]): readonly Addition[] {
  const sorted = [...ways].sort((one, other) => one.addedAt.getTime() - other.addedAt.getTime());
  return sorted.map(({ addedAt, ...way }) => ({ ...way, at: addedAt.toISOString() }));
}
