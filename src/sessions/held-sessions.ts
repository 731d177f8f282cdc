import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import type { AuditEventType } from '../audit/audit-event-types.js';
import { Clock } from '../kernel/clock.js';
import { type SessionSnapshot, SnapshotSource } from '../revocation/session-view.js';
import { ReplacedSessions } from './replaced-sessions.js';
import { SessionService } from './session.service.js';
import type { SessionRecord } from './session-record.js';
import { delivers } from './ticket-delivery.js';

/** Why a session ended in whose client a login took place. */
const REPLACED = 'replaced_by_login';

/** The sessions whose tickets a request holds, by every strategy that a login can end in, and what becomes of them at a login and a logout. */
@Injectable()
export class HeldSessions {
  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly sessions: SessionService,
    private readonly replaced: ReplacedSessions,
    private readonly snapshots: SnapshotSource,
    private readonly clock: Clock,
  ) {}

  /** Ends those the request proves to hold. @throws AuthError `unavailable` only */
  endAll(caller: Caller, reason: string, event: AuditEventType): Promise<void> {
    return this.end(caller, reason, event);
  }

  /**
   * For a login that is about to start a session: what this client held before ends, and cookies of strategies other than `next` are
   * cleared. An old ticket beside the new one would be refused as two, and must not outlive the login that replaced it.
   *
   * @param heirOf the user whose session is about to start, if it is good for everything. Absent: nothing goes on in it
   * @returns live sessions of that user, which did not end and are to be replaced by it ({@link replaceKept}); none where nothing hangs on
   *   sessions
   */
  async endForLogin(next: TicketStrategy, { caller, replier }: Exchange, heirOf?: string): Promise<readonly string[]> {
    const kept: string[] = [];
    await this.end(caller, REPLACED, 'session.replaced', async (sessionId) => {
      const goesOn = heirOf !== undefined && this.replaced.areHeard && (await this.liveOf(sessionId, heirOf)) !== null;
      if (goesOn) kept.push(sessionId);
      return goesOn;
    });
    if (!caller.hasCookies) return kept;
    for (const other of this.strategies.filter(delivers)) {
      if (other !== next) other.delivery.withdraw(caller, replier);
    }
    return kept;
  }

  /**
   * Ends what {@link endForLogin} has kept; what hung on it hangs on `next`.
   *
   * @throws AuthError `session_ended` as `ReplacedSessions.replace`
   */
  async replaceKept(kept: readonly string[], next: SessionRecord, origin: Caller): Promise<void> {
    const note = { event: 'session.replaced', origin } as const;
    for (const id of kept) await this.replaced.replace(id, next, REPLACED, note, true);
  }

  /** When a session of the user started that is in force; undefined for any other. To be asked before {@link endForLogin}. */
  async startOf(sessionId: string, userId: string): Promise<Date | undefined> {
    return (await this.liveOf(sessionId, userId))?.createdAt;
  }

  /** A session that the user logged in to and may use now. */
  private async liveOf(sessionId: string, userId: string): Promise<SessionSnapshot | null> {
    const found = await this.snapshots.load(sessionId);
    if (found?.user.id !== userId || found.impersonatorId !== null || found.onlyFor !== null) return null;
    const now = this.clock.now();
    const isOver = found.endedAt !== null || found.isSuperseded || now >= found.absoluteExpiresAt;
    return !isOver && now < found.idleExpiresAt ? found : null;
  }

  private async end(
    caller: Caller,
    reason: string,
    event: AuditEventType,
    isKept?: (sessionId: string) => Promise<boolean>,
  ): Promise<void> {
    const deliveries = this.strategies.filter(delivers).map(({ delivery }) => delivery);
    let ended = 0;
    for (const delivery of deliveries) {
      for (const sessionId of await delivery.heldSessions(caller)) {
        if (!(await isKept?.(sessionId))) await this.sessions.end(sessionId, reason, { event, origin: caller });
        ended += 1;
      }
    }
    // No session can be proven to a store that was emptied, yet another node may still answer from before that.
    const wasForgotten = ended === 0 && deliveries.some((delivery) => delivery.isPresentedBy(caller));
    if (wasForgotten) await this.sessions.outwaitForgotten();
  }
}
