import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { outsideDeadline } from '../kernel/deadline.js';
import { SessionService } from '../sessions/session.service.js';
import type { SecurityEventParams } from './security-event-params.js';
import type { SecurityEventName } from './security-events.js';

/** Sessions of an epoch that is over. */
export interface SupersededOrder
  extends Pick<SecurityEventParams, 'userId' | 'origin' | 'actorId' | 'exceptSessionId'> {
  readonly event: SecurityEventName;
  /** The user's, since the event: those of earlier ones are meant. */
  readonly sessionEpoch: number;
}

/**
 * Has the rows of sessions say that they are over, for lists and for the audit. Nobody waits for it: what they are worth, the epoch
 * says, and what is not marked runs out like any other row.
 */
@Injectable()
export class SupersededSessions implements BeforeApplicationShutdown {
  private readonly logger = new Logger('security');
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly sessions: SessionService) {}

  mark({ userId, event, sessionEpoch, exceptSessionId, origin, actorId }: SupersededOrder): void {
    const order = { userId, sessionEpoch, reason: event, exceptId: exceptSessionId };
    const marking = outsideDeadline(() => this.sessions.markSuperseded(order, { origin, actorId }))
      .catch((error: Error) => this.logger.warn(`ended sessions were not marked (${error.message})`))
      .finally(() => this.underWay.delete(marking));
    this.underWay.add(marking);
  }

  /** Resolves when nothing is being marked. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settled();
  }
}
