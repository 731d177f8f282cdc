import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { LogoutService } from '../sessions/logout.service.js';
import { RevocationPolicy } from '../sessions/revocation-policy.js';
import { SecurityChanges } from '../sessions/security-changes.js';
import type { DeliveredTickets } from '../sessions/ticket-delivery.js';
import type { SecurityChangeName } from '../users/security-change.hooks.js';
import type { LoginWishes } from './login.service.js';
import { SessionRenewal } from './session-renewal.js';

/** Makes the change, in the transaction, and returns whose it is. It locks the user first (`UserStore.find` within `manager`). */
export type CredentialWrite = (manager: EntityManager) => Promise<string>;

/** What belongs into a reply's body. */
export type NewTickets = DeliveredTickets;

/** The change of a user who is logged in. */
export interface OwnChange {
  readonly name: SecurityChangeName;
  readonly auth: AuthContext;
  /** What the change proved besides, for the session that follows. */
  readonly amr: readonly string[];
  readonly transport?: LoginWishes['transport'];
}

/** The one seam each factor calls when a credential appears, changes or goes: what ends by it, ends with it. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly changes: SecurityChanges,
    private readonly policy: RevocationPolicy,
    private readonly renewal: SessionRenewal,
    private readonly logout: LogoutService,
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
    { name, auth, amr, transport }: OwnChange,
    write: CredentialWrite,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<NewTickets> {
    // Before anything is changed: a ticket that no login gave out may not touch credentials.
    this.renewal.strategyOf(auth);
    const order = { name, origin: originOf(request), sessionId: auth.session.id };
    const { sessionEpoch } = await this.changes.make(order, write);
    if (sessionEpoch === null) return {};
    if (this.policy.ruleFor(name).sessions === 'all') {
      this.logout.withdrawTickets(request, reply);
      return {};
    }
    const renewal = { amr, sessionEpoch, transport, isBodyless: true, reason: name };
    return (await this.renewal.renew(auth, renewal, request, reply)).tickets;
  }
}
