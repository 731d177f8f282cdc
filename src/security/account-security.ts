import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../database/lost-races.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { causedBy } from '../mail/mail-cause.js';
import { type Announcement, EVERYTHING } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { audited } from './actor.js';
import { ActorsInForce } from './actors-in-force.js';
import { EffectiveSecurityTable } from './effective-security-table.js';
import { EndedHoldings } from './ended-holdings.js';
import type { SecurityEventParams } from './security-event-params.js';
import { AUDITED_AS, type SecurityEventName, type SecurityRow } from './security-table.js';
import { SupersededSessions } from './superseded-sessions.js';

/** An event that has happened. */
export interface Applied<T> {
  readonly event: SecurityEventName;
  /** The result of the change. */
  readonly result: T;
  /** As of before the change. */
  readonly user: UserRecord;
  /** In which a session that is to outlive the event must be started; null when no session was ended. */
  readonly sessionEpoch: number | null;
}

/**
 * Makes the change. `user` is as of the transaction, and locked. Query through `tx` only; what it throws undoes everything. It is called
 * again, on the user as of then, when the transaction lost a race against another one and was undone.
 */
export type SecurityChange<T> = (user: UserRecord, tx: EntityManager) => Promise<T>;

interface Committed<T> extends Applied<T> {
  readonly announced: readonly Announcement[];
  readonly written: () => void;
}

/**
 * Applies a change to an account, and ends all that must end by it (`security-table.ts`): in one transaction, with one append to the feed
 * and one acknowledgement.
 */
@Injectable()
export class AccountSecurity {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly actors: ActorsInForce,
    private readonly table: EffectiveSecurityTable,
    private readonly holdings: EndedHoldings,
    private readonly superseded: SupersededSessions,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks the user, runs `change`, ends what the table says, records the event, and commits. Returns when no node accepts any longer
   * what has ended; whatever happens to this process after the commit, it is over.
   *
   * @param event its name; or a function of the locked user, where that decides
   * @throws AuthError `not_found` when there is no such user, `session_ended` when the epoch is another one, unless `params` say otherwise;
   *   `session_ended`, `forbidden` when the acting user may not any more ({@link ActorsInForce})
   * @throws whatever `change` throws; nothing has changed then
   */
  async apply<T = void>(
    event: SecurityEventName | ((user: UserRecord) => SecurityEventName),
    params: SecurityEventParams,
    change?: SecurityChange<T>,
  ): Promise<Applied<T>> {
    const { announced, written, ...applied } = await transactionAfterLostRaces(this.dataSource, (tx) =>
      this.within(tx, event, params, change),
    );
    written();
    await this.revocations.settle(announced);
    const { sessionEpoch } = applied;
    const isExcepted = this.table.rowOf(applied.event).sessions === 'others';
    const exceptSessionId = isExcepted ? params.exceptSessionId : undefined;
    if (sessionEpoch !== null) this.superseded.mark({ ...params, event: applied.event, sessionEpoch, exceptSessionId });
    return applied;
  }

  /**
   * Ends all that the table says of everyone, whatever its number. Returns when no node accepts any of it.
   *
   * @throws AuthError `session_ended`, `forbidden` when the acting user may not any more
   */
  async revokeAll(by: Pick<SecurityEventParams, 'origin' | 'actorId' | 'actorSession' | 'reason'>): Promise<void> {
    const announced = await transactionAfterLostRaces(this.dataSource, async (tx) => {
      this.revocations.gather(tx);
      await this.epochs.reserveAdvance(tx);
      await this.actors.assert(by, tx);
      await this.epochs.advanceGlobalEpoch(tx);
      await this.holdings.endForAllUsers(this.table.rowOf('all_revoked'), tx);
      await this.audit.record({ type: AUDITED_AS.all_revoked, reason: by.reason, ...audited(by) }, tx);
      await this.revocations.announce([{ subject: EVERYTHING, kind: 'ended' }], tx);
      return this.revocations.announceGathered(tx);
    });
    await this.revocations.settle(announced);
  }

  private async within<T>(
    tx: EntityManager,
    given: SecurityEventName | ((user: UserRecord) => SecurityEventName),
    params: SecurityEventParams,
    change: SecurityChange<T> | undefined,
  ): Promise<Committed<T>> {
    causedBy(params.origin, tx);
    this.revocations.gather(tx);
    const user = await this.locked(params, tx);
    const event = typeof given === 'function' ? given(user) : given;
    const result = (await change?.(user, tx)) as T;
    const row = rowFor(this.table.rowOf(event), user, params);
    const sessionEpoch = await this.endSessions(event, row, params, tx);
    const scope = { ...params, event, user, at: this.clock.now() };
    const written = await this.holdings.end(row, scope, auditEventOf(event, params, user), tx);
    const kind = event === 'deleted' ? 'ended' : 'changed';
    await this.revocations.announce([{ subject: `user:${user.id}`, kind }], tx);
    const announced = await this.revocations.announceGathered(tx);
    return { event, result, user, sessionEpoch, announced, written };
  }

  private async locked(params: SecurityEventParams, tx: EntityManager) {
    const { userId, epoch, ifGone, ifSuperseded } = params;
    const user = await this.actors.lockedTarget(params, userId, tx);
    if (!user) throw ifGone ?? new AuthError('not_found', { reason: 'no_such_user' });
    if (epoch === undefined || epoch === user.sessionEpoch) return user;
    throw ifSuperseded ?? new AuthError('session_ended', { reason: 'ended_before_the_change' });
  }

  /** All at once, however many there are: a session of another epoch is over. */
  private endSessions(
    event: SecurityEventName,
    { sessions }: SecurityRow,
    { userId, exceptSessionId }: SecurityEventParams,
    tx: EntityManager,
  ): Promise<number | null> {
    if (event === 'deleted' || (sessions !== 'all' && sessions !== 'others')) return Promise.resolve(null);
    return this.users.beginSessionEpoch(userId, tx, sessions === 'others' ? exceptSessionId : undefined);
  }
}

function rowFor(
  row: SecurityRow,
  user: UserRecord,
  { replaces = [], isMoreRequired }: SecurityEventParams,
): SecurityRow {
  const insufficient = Object.entries(row).filter(([, extent]) => extent === 'insufficient');
  const ending = isMoreRequired?.(user) ? insufficient.map(([column]) => [column, 'all']) : [];
  return { ...row, ...Object.fromEntries([...ending, ...replaces.map((column) => [column, 'none'])]) };
}

function auditEventOf(event: SecurityEventName, params: SecurityEventParams, user: UserRecord) {
  const { userId, actorId, exceptSessionId: sessionId, origin, reason, details } = params;
  const given = typeof details === 'function' ? details(user) : details;
  return { ...given, type: AUDITED_AS[event], userId, actorId, sessionId, origin, reason };
}
