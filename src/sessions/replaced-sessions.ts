import { Injectable, Logger } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import { SessionService } from './session.service.js';
import { SessionStore } from './session.store.js';
import type { EndDetails } from './session-params.js';
import type { SessionRecord } from './session-record.js';

/** The session whose place another one takes. */
export interface ReplacedSession {
  readonly id: string;
  /** Of both. */
  readonly userId: string;
}

/**
 * Moves what hangs on a session to the one that takes its place. Both are live; the old one ends right after, unless it throws. What it
 * moves must be announced by the time its promise resolves. Called again for the same two, it changes nothing.
 */
export type MoveToNext = (before: ReplacedSession, next: SessionRecord) => Promise<void>;

/**
 * A step-up, a change of credentials and a login in a browser that is logged in already give the same user a new session in the place of
 * the old one. What was allowed to others in the old one goes on in the new one: features that keep such things listen here.
 */
@Injectable()
export class ReplacedSessions {
  private readonly logger = new Logger('sessions');
  private readonly listeners: MoveToNext[] = [];

  constructor(
    private readonly sessions: SessionService,
    private readonly store: SessionStore,
  ) {}

  /** From now on `move` is called before a session that has been replaced ends. */
  on(move: MoveToNext): void {
    this.listeners.push(move);
  }

  /** Whether anything moves at all. */
  get areHeard(): boolean {
    return this.listeners.length > 0;
  }

  /**
   * Puts `next`, which has started and no client holds yet, in the place of a session of the same user. That has ended on all nodes
   * when this returns, and what hung on it hangs on `next`.
   *
   * @param isShared whether several may take its place, each by a proof of its own: what hung on it goes on in one of them
   * @throws AuthError `session_ended` when it was ended meanwhile: a logout is not undone, and of two at once one wins. Then, and when
   *   anything else fails, `next` has ended, and with it whatever had been moved
   */
  async replace(
    beforeId: string,
    next: SessionRecord,
    reason: string,
    note: EndDetails,
    isShared = false,
  ): Promise<void> {
    try {
      for (const move of this.listeners) await move({ id: beforeId, userId: next.userId }, next);
      if (await this.sessions.end(beforeId, reason, note)) return;
      if (!isShared || (await this.store.find(beforeId))?.endReason !== reason) throw endedMeanwhile();
    } catch (error) {
      await this.giveUp(next);
      throw error;
    }
  }

  private async giveUp({ id }: SessionRecord): Promise<void> {
    await this.sessions
      .end(id, 'never_delivered')
      .catch((error: Error) =>
        this.logger.warn(`a session that no client holds could not be ended (${error.message})`),
      );
  }
}

/** Of a session that was to be replaced. */
export function endedMeanwhile(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_while_renewed' });
}
