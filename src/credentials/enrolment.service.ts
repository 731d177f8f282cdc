import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Exchange } from '../access/replier.js';
import { type AuthContext, requireSession, type Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { AccountSecurity } from '../security/account-security.js';
import { EffectiveSecurityTable } from '../security/effective-security-table.js';
import type { SecurityEventParams } from '../security/security-event-params.js';
import type { SecurityEventName } from '../security/security-table.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionService } from '../sessions/session.service.js';
import type { DeliveredTickets } from '../sessions/ticket-delivery.js';
import type { UserRecord } from '../users/user.store.js';
import { type ChangedFactor, FactorChanges } from './factor-changes.js';
import { LoginPolicy } from './login-policy.js';
import { SessionRenewal } from './session-renewal.js';

/** Writes the change of a credential, in the transaction. `user` is as of it, and locked. */
export type CredentialWrite = (user: UserRecord, manager: EntityManager) => Promise<void>;

/** New tickets, for the body of a reply. */
export type NewTickets = DeliveredTickets;

/** A change that a logged-in user makes to their own account. */
export interface OwnChange extends Pick<SecurityEventParams, 'details' | 'epoch' | 'ifSuperseded'> {
  readonly event: SecurityEventName;
  readonly auth: AuthContext;
  /** The methods that the change itself proved, for the session that follows. */
  readonly amr: readonly string[];
  readonly transport?: Transport;
  /** The reply has a body whatever is asked for, in which tokens may travel. Absent: only if `transport` asks for tokens in it. */
  readonly hasBody?: boolean;
  /** Whether a session that was good for enrolling only is good for everything from now on. */
  readonly liftsLimit?: boolean;
  /** Whether the session ends with the others: what it rests on goes by the change. */
  readonly endsSession?: boolean;
}

/** A change that a logged-in user makes to one of their own factors. */
export interface OwnFactorChange extends Omit<OwnChange, 'event' | 'details' | 'epoch' | 'liftsLimit'>, ChangedFactor {}

/** Each factor calls it when a credential is added, changed or removed, so that whatever must end with it ends with it. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly security: AccountSecurity,
    private readonly table: EffectiveSecurityTable,
    private readonly factorChanges: FactorChanges,
    private readonly loginPolicy: LoginPolicy,
    private readonly renewal: SessionRenewal,
    private readonly logout: LogoutService,
    private readonly sessions: SessionService,
  ) {}

  /**
   * For a user who is logged in. Their session gets a new id and new tickets, unless the table of security events ends it too. Where its tokens travel in bodies, and
   * no client has asked for a reply with one, it ends: they are not moved to cookies, which the client does not keep.
   *
   * @returns what belongs into the reply's body; empty where no token travels in it
   * @throws AuthError `session_ended` when the session ended meanwhile
   */
  async changeOwn(
    { event, auth, amr, transport, hasBody, liftsLimit, endsSession = false, ...params }: OwnChange,
    write: CredentialWrite,
    exchange: Exchange,
  ): Promise<NewTickets> {
    // Before anything is changed: a ticket that no login gave out may not touch credentials.
    const renewed = await this.renewal.transportFor(auth, transport);
    const { id: sessionId } = requireSession(auth);
    const who = { userId: auth.user.id, origin: exchange.caller, exceptSessionId: endsSession ? undefined : sessionId };
    const ifGone = new AuthError('session_ended', { reason: 'user_deleted' });
    const { sessionEpoch } = await this.security.apply(event, { ...params, ...who, ifGone }, write);
    if (sessionEpoch === null) return {};
    if (endsSession || this.table.rowOf(event).sessions === 'all') {
      this.logout.withdrawTickets(exchange);
      return {};
    }
    if (renewed === 'body' && transport === undefined && !hasBody) {
      await this.sessions.end(sessionId, event, { origin: who.origin });
      return {};
    }
    const renewal = { amr, sessionEpoch, transport: renewed, liftsLimit, reason: event };
    return (await this.renewal.renew(auth, renewal, exchange)).tickets;
  }

  /**
   * A factor appears, or one more of its kind. The other sessions end; this one goes on, and is good for everything now if it was good
   * for enrolling only and the factor is one that suffices for its user. The user is told by mail.
   *
   * @throws AuthError `session_ended` when the session ended meanwhile; whatever `write` throws. Nothing has changed then, unless the
   *   session ended only after the change
   */
  enrol(change: OwnFactorChange, write: CredentialWrite, exchange: Exchange): Promise<NewTickets> {
    return this.changeFactor('factor_enrolled', change, write, exchange);
  }

  /** A factor's secret is replaced, e.g. a set of recovery codes. As {@link enrol}. */
  replace(change: OwnFactorChange, write: CredentialWrite, exchange: Exchange): Promise<NewTickets> {
    return this.changeFactor('factor_changed', change, write, exchange);
  }

  /**
   * A factor goes, or one of its kind. Backups go with the last one they stand in for. Of any number of removals at once, none takes the
   * last way in.
   *
   * @throws AuthError `conflict` when no way in would be left, or less than the policy requires; nothing has changed then
   */
  remove(change: OwnFactorChange, write: CredentialWrite, exchange: Exchange): Promise<NewTickets> {
    return this.changeFactor('factor_removed', change, write, exchange);
  }

  /**
   * A way to log in appears that no login asks for as a second factor. No session ends, and this one stays as it is: nothing rests on it. The user is
   * told by mail.
   *
   * @throws AuthError `session_ended` when the session ended meanwhile; whatever `write` throws. Nothing has changed then
   */
  async addWayIn(
    { factor, change, auth }: Pick<OwnFactorChange, 'factor' | 'change' | 'auth'>,
    write: CredentialWrite,
    { caller: origin }: Exchange,
  ): Promise<void> {
    const { id: userId, roles } = auth.user;
    const { id } = requireSession(auth);
    const acting = { actorId: userId, actorSession: { id, roles }, exceptSessionId: id };
    const ifGone = new AuthError('session_ended', { reason: 'user_deleted' });
    const epoch = await this.sessions.userEpochOf(id);
    const params = { userId, origin, ...acting, ifGone, epoch, details: { factor: factor.name } };
    await this.security.apply('way_in_added', params, async (user, tx) => {
      await write(user, tx);
      await this.factorChanges.follow('way_in_added', { factor, change }, user, origin, tx);
    });
  }

  private async changeFactor(
    event: 'factor_enrolled' | 'factor_changed' | 'factor_removed',
    { factor, change: kind, ...own }: OwnFactorChange,
    write: CredentialWrite,
    exchange: Exchange,
  ): Promise<NewTickets> {
    const { auth } = own;
    // Another than those that suffice for this user finishes no login.
    const liftsLimit = event === 'factor_enrolled' && this.loginPolicy.sufficientFor(auth.user).includes(factor.name);
    const epoch = await this.sessions.userEpochOf(requireSession(auth).id);
    const change = { ...own, event, liftsLimit, epoch, details: { factor: factor.name } };
    const changeAndFollow: CredentialWrite = async (user, tx) => {
      await write(user, tx);
      await this.factorChanges.follow(event, { factor, change: kind }, user, exchange.caller, tx);
    };
    return this.changeOwn(change, changeAndFollow, exchange);
  }
}
