import { Injectable } from '@nestjs/common';
import { ReplacedSessions } from '../sessions/replaced-sessions.js';
import { SessionEnds } from '../sessions/session-ends.js';
import type { EndDetails } from '../sessions/session-params.js';

/**
 * A factor's access to the sessions that rest on its proofs, which `Factor.onSession` has told it of: follow them, and end them when a proof
 * turns out to be worth nothing any more.
 */
@Injectable()
export class FactorSessions {
  constructor(
    private readonly ends: SessionEnds,
    private readonly replaced: ReplacedSessions,
  ) {}

  /**
   * From now on `follow` is called before a session ends that another one of the same user replaces: after a step-up, a change of
   * credentials, or another login in the same client. Both are live then, and no client holds the next one. What `follow` throws ends the
   * next one; it may be called for several that are to take the place of the same, of which one is left.
   */
  onReplaced(follow: (beforeId: string, nextId: string) => Promise<void>): void {
    this.replaced.on((before, next) => follow(before.id, next.id));
  }

  /** Those of them that go on, or may, as the stores have it now. @throws when that cannot be known */
  liveOf(sessionIds: readonly string[]): Promise<string[]> {
    return this.ends.liveOf(sessionIds);
  }

  /**
   * Ends sessions and every ticket hanging on them, however many there are. Returns when no node accepts any of them, with the number of
   * those that had not ended before; each of these is in the audit as `note.event` (default: `session.revoked`), and OAuth clients that know it are told.
   *
   * @param reason a short fixed word
   */
  revoke(sessionIds: readonly string[], reason: string, note?: Omit<EndDetails, 'ifStill'>): Promise<number> {
    return this.ends.endAll(sessionIds, reason, note);
  }
}
