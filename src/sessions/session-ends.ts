import { Injectable } from '@nestjs/common';
import { AuditSink } from '../audit/audit-sink.js';
import { type ChangeSubject, PendingAuditEvents } from '../audit/pending-audit-events.js';
import { Clock } from '../kernel/clock.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { SnapshotSource } from '../revocation/session-view.js';
import { ActsUnderWay } from './acts-under-way.js';
import { SessionStore } from './session.store.js';
import type { EndDetails } from './session-params.js';

/** Acknowledged by one wait. */
const ACKNOWLEDGED_TOGETHER = 500;
/** Other nodes write the last use of a session a little later. */
const LATE_MILLISECONDS = 60_000;
/** Ended side by side: PostgreSQL takes those that come together by one statement and one connection, Redis by one round trip. */
const ENDED_TOGETHER = 100;

/** Ends many sessions, of whomever, and tells which of many go on. For one, see `SessionService.end`; for all of a user, `AccountSecurity`. */
@Injectable()
export class SessionEnds {
  constructor(
    private readonly store: SessionStore,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly audit: AuditSink,
    private readonly acts: ActsUnderWay,
    private readonly snapshots: SnapshotSource,
  ) {}

  /**
   * Ends them and every ticket hanging on them, however many there are; returns when no node accepts any of them, with the number of those that
   * had not ended before. The audit gets an event for each of these. What fails on the way leaves the rest as it was: to be called again.
   */
  async endAll(sessionIds: readonly string[], reason: string, note: Omit<EndDetails, 'ifStill'> = {}): Promise<number> {
    let count = 0;
    for (let i = 0; i < sessionIds.length; i += ACKNOWLEDGED_TOGETHER) {
      count += await this.endPart(sessionIds.slice(i, i + ACKNOWLEDGED_TOGETHER), reason, note);
    }
    return count;
  }

  /** Those of them that go on, or may, as the stores have it now. @throws when that cannot be known */
  async liveOf(sessionIds: readonly string[]): Promise<string[]> {
    const areLive = await Promise.all(sessionIds.map((id) => this.isLive(id)));
    return sessionIds.filter((_, i) => areLive[i]);
  }

  private async isLive(id: string): Promise<boolean> {
    const session = await this.snapshots.load(id);
    if (session === null || session.endedAt !== null || session.isSuperseded) return false;
    const now = this.clock.now().getTime();
    return now < session.idleExpiresAt.getTime() + LATE_MILLISECONDS && now < session.absoluteExpiresAt.getTime();
  }

  private async endPart(ids: readonly string[], reason: string, note: Omit<EndDetails, 'ifStill'>): Promise<number> {
    const ended: ChangeSubject[] = [];
    const waiting = [...ids];
    const endNext = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const subject = await this.endOne(id, reason, note);
        if (subject) ended.push(subject);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: Math.min(ENDED_TOGETHER, ids.length) }, endNext));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    // Of those as well that had ended before: all are promised the same.
    await this.revocations.confirm(ids.map((id): Announcement => ({ subject: `session:${id}`, kind: 'ended' })));
    await this.outwaitActs(ended);
    return ended.length;
  }

  private async endOne(
    sessionId: string,
    reason: string,
    { also, event = 'session.revoked', ...by }: Omit<EndDetails, 'ifStill'>,
  ): Promise<ChangeSubject | null> {
    const record = new PendingAuditEvents(this.audit, [{ type: event, reason, ...by }, also]);
    const userId = await this.store.consumeLive(sessionId, this.clock.now(), reason, record);
    if (userId === null) return null;
    const subject = { userId, sessionId };
    await record.committed([subject]);
    return subject;
  }

  /** Waits until acts of their users on other accounts have ended. */
  private async outwaitActs(ended: readonly ChangeSubject[]): Promise<void> {
    if (!this.acts.areUnheld) return;
    const idsOf = new Map<string, string[]>();
    for (const { userId, sessionId } of ended) {
      idsOf.set(userId!, [...(idsOf.get(userId!) ?? []), sessionId!]);
    }
    for (const [userId, ids] of idsOf) await this.acts.outwait(userId, ids);
  }
}
