import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HttpExchange, HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { LogoutService } from '../sessions/logout.service.js';
import { RevocationPolicy } from '../sessions/revocation-policy.js';
import { type ChangeOrder, SecurityChanges } from '../sessions/security-changes.js';
import { SessionService } from '../sessions/session.service.js';
import type { DeliveredTickets } from '../sessions/ticket-delivery.js';
import type { SecurityChangeName } from '../users/security-change.hooks.js';
import type { UserRecord } from '../users/user.store.js';
import { type ChangedFactor, FactorChanges } from './factor-changes.js';
import type { LoginWishes } from './login-steps.js';
import { LoginPolicy } from './policy/login-policy.js';
import { SessionRenewal } from './session-renewal.js';

/** Makes the change, in the transaction, and returns whose it is. It locks the user first (`UserStore.find` within `manager`). */
export type CredentialWrite = (manager: EntityManager) => Promise<string>;

/** Makes the change of a factor, in the transaction. `user` is as of it, and locked. */
export type FactorWrite = (user: UserRecord, manager: EntityManager) => Promise<void>;

/** What belongs into a reply's body. */
export type NewTickets = DeliveredTickets;

/** The change of a user who is logged in. */
export interface OwnChange {
  readonly name: SecurityChangeName;
  readonly auth: AuthContext;
  /** What the change proved besides, for the session that follows. */
  readonly amr: readonly string[];
  readonly transport?: LoginWishes['transport'];
  /** The reply has a body, in which tokens may travel. Absent: they come as cookies unless `transport` says otherwise. */
  readonly hasBody?: boolean;
  /** Whether a session that was good for enrolling only is good for everything from now on. */
  readonly liftsLimit?: boolean;
  /** What the audit is to know besides. */
  readonly details?: ChangeOrder['details'];
}

/** The change of a factor by a user who is logged in. */
export interface OwnFactorChange extends Omit<OwnChange, 'name' | 'details' | 'liftsLimit'>, ChangedFactor {}

/** The one seam each factor calls when a credential appears, changes or goes: what ends by it, ends with it. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly changes: SecurityChanges,
    private readonly factorChanges: FactorChanges,
    private readonly policy: RevocationPolicy,
    private readonly loginPolicy: LoginPolicy,
    private readonly renewal: SessionRenewal,
    private readonly logout: LogoutService,
    private readonly sessions: SessionService,
  ) {}

  /** For somebody who is not logged in, and is not by this: who followed a mailed link. */
  async change(name: SecurityChangeName, request: HttpRequest, write: CredentialWrite): Promise<void> {
    await this.changes.make({ name, origin: originOf(request) }, write);
  }

  /**
   * For a user who is logged in. Their session gets a new id and new tickets, if the policy spares it.
   *
   * @returns what belongs into the reply's body; empty unless `transport` asks for tokens in it
   * @throws AuthError `session_ended` when the session ended meanwhile; the change stands
   */
  async changeOwn(
    { name, auth, amr, transport, hasBody, liftsLimit, details }: OwnChange,
    write: CredentialWrite,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<NewTickets> {
    // Before anything is changed: a ticket that no login gave out may not touch credentials.
    this.renewal.strategyOf(auth);
    const order = { name, origin: originOf(request), sessionId: auth.session.id, details };
    const { sessionEpoch } = await this.changes.make(order, write);
    if (sessionEpoch === null) return {};
    if (this.policy.ruleFor(name).sessions === 'all') {
      this.logout.withdrawTickets(request, reply);
      return {};
    }
    const renewal = { amr, sessionEpoch, transport, isBodyless: !hasBody, liftsLimit, reason: name };
    return (await this.renewal.renew(auth, renewal, request, reply)).tickets;
  }

  /**
   * A factor appears, or one more of its kind. The other sessions end; this one goes on, and is good for everything now if it was good
   * for enrolling only. The user is told by mail.
   *
   * @throws AuthError `session_ended` when the session ended meanwhile; whatever `write` throws. Nothing has changed then
   */
  enrol(change: OwnFactorChange, write: FactorWrite, exchange: HttpExchange): Promise<NewTickets> {
    return this.changeFactor('factor_enrolled', change, write, exchange);
  }

  /** A factor's secret is replaced, e.g. a set of recovery codes. As {@link enrol}. */
  replace(change: OwnFactorChange, write: FactorWrite, exchange: HttpExchange): Promise<NewTickets> {
    return this.changeFactor('factor_changed', change, write, exchange);
  }

  /**
   * A factor goes, or one of its kind. Backups go with the last one they stand in for. Of any number of removals at once, none takes the
   * last way in.
   *
   * @throws AuthError `conflict` when no way in would be left, or less than the policy requires; nothing has changed then
   */
  remove(change: OwnFactorChange, write: FactorWrite, exchange: HttpExchange): Promise<NewTickets> {
    return this.changeFactor('factor_removed', change, write, exchange);
  }

  private async changeFactor(
    name: 'factor_enrolled' | 'factor_changed' | 'factor_removed',
    { factor, told, ...own }: OwnFactorChange,
    write: FactorWrite,
    { request, reply }: HttpExchange,
  ): Promise<NewTickets> {
    const { auth } = own;
    // Another than those that suffice for this user finishes no login.
    const liftsLimit = name === 'factor_enrolled' && this.loginPolicy.sufficientFor(auth.user).includes(factor.name);
    const order = { ...own, name, liftsLimit, details: { factor: factor.name } };
    const owner = { userId: auth.user.id, epoch: await this.sessions.userEpochOf(auth.session.id) };
    const inTransaction = (manager: EntityManager) =>
      this.factorChanges.make(name, { factor, told }, owner, write, request, manager);
    return this.changeOwn(order, inTransaction, request, reply);
  }
}
