import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Options } from '../config/options.js';
import { WriteBehind } from '../kernel/write-behind.js';
import { SessionService } from '../sessions/session.service.js';
import { usersOptions } from '../users/users-options.js';
import type { SecurityEventParams } from './security-event-params.js';
import type { SecurityEventName } from './security-table.js';

/** The event is answered first. */
const AFTER_MILLISECONDS = 50;

/** Sessions of an epoch that is over. */
export interface SupersededParams
  extends Pick<SecurityEventParams, 'userId' | 'origin' | 'actorId' | 'exceptSessionId'> {
  readonly event: SecurityEventName;
  /** The user's, since the event: those of earlier ones are meant. */
  readonly sessionEpoch: number;
}

/**
 * Has the rows of sessions say that they are over, for lists and for the audit. No request waits for it: what they are worth, the epoch
 * says, and what is not marked expires like any other row.
 */
@Injectable()
export class SupersededSessions implements BeforeApplicationShutdown {
  private readonly logger = new Logger('security');
  private readonly waiting: WriteBehind<SupersededParams, true>;
  private readonly needsProof: boolean;

  constructor(
    private readonly sessions: SessionService,
    options: Options,
  ) {
    this.needsProof = options.of(usersOptions).emailVerification === 'required';
    this.waiting = new WriteBehind({
      write: (batch) => this.markAll([...batch.keys()]),
      onFailure: ({ message }) => this.logger.warn(`ended sessions could not be marked yet (${message})`),
      delayMilliseconds: AFTER_MILLISECONDS,
    });
  }

  mark(params: SupersededParams): void {
    // No login was possible before: there is none.
    if (this.needsProof && params.event === 'mailbox_proven') return;
    this.waiting.set(params, true);
  }

  /** Marks what waits; resolves when nothing does. */
  settled(): Promise<void> {
    return this.waiting.flush();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.waiting.end();
  }

  /** One after the other: never more than one connection. */
  private async markAll(orders: readonly SupersededParams[]): Promise<void> {
    for (const { userId, event, sessionEpoch, exceptSessionId, origin, actorId } of orders) {
      const order = { userId, sessionEpoch, reason: event, exceptId: exceptSessionId };
      await this.sessions
        .markSuperseded(order, { origin, actorId })
        .catch((error: Error) => this.logger.warn(`ended sessions could not be marked (${error.message})`));
    }
  }
}
